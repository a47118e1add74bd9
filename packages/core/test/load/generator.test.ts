import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { peakInFlight } from '../../src/load/health/window.js';
import { timelineOf } from '../../src/load/health/timeline.js';
import type { LoadProgress } from '../../src/load/records/progress.js';
import type { RequestRecord } from '../../src/load/records/record.js';
import { startFakeServer, type FakeServerOptions, type Framing } from '../../src/testing/index.js';
import { requestsBefore, specFor } from './specs.js';

type SpecChanges = Parameters<typeof specFor>[1];

async function load(server: FakeServerOptions = {}, changes: SpecChanges = {}) {
  await using fake = await startFakeServer(server);
  const spec = specFor(fake, changes);
  const run = await generateLoad(spec);
  return { run, spec, stats: { ...fake.stats }, requests: fake.requests };
}

function counts({
  state,
  outputTokens,
  serverPromptTokens,
  promptTokens,
  chunkMs,
  finishReason,
}: RequestRecord) {
  return { state, outputTokens, serverPromptTokens, promptTokens, chunks: chunkMs.length, finishReason };
}

const FRAMINGS: readonly Framing[] = [
  {},
  { fragmentBytes: 1 },
  { fragmentBytes: 7 },
  { fragmentBytes: 100, eventsPerWrite: 5 },
  { eventsPerWrite: 1000 },
  { crlf: true, fragmentBytes: 3 },
  { noise: true, fragmentBytes: 11, eventsPerWrite: 2 },
];

describe('generateLoad', () => {
  it.each(FRAMINGS)('counts exactly what the server sent, framed as %o', async (framing) => {
    const { run, stats, spec } = await load({ framing });
    expect(run.complete).toBe(true);
    expect(run.requests.map(({ index }) => index)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    for (const record of run.requests) {
      expect(counts(record)).toEqual({
        state: 'completed',
        outputTokens: record.requestedOutputTokens,
        serverPromptTokens: record.requestedPromptTokens,
        promptTokens: record.requestedPromptTokens,
        chunks: record.requestedOutputTokens,
        finishReason: 'length',
      });
    }
    expect(stats).toMatchObject({
      requests: 12 + requestsBefore(spec),
      completed: 12 + requestsBefore(spec),
    });
  });

  it.each(['per-slot', 'per-request'] as const)('keeps times in order (%s)', async (connections) => {
    const { run } = await load({}, { connections });
    for (const r of run.requests) {
      const times = [r.scheduledMs, r.sentMs, r.firstByteMs, ...Array.from(r.chunkMs), r.doneMs];
      expect(times).toEqual([...times].sort((a, b) => Number(a) - Number(b)));
      expect(r.firstContentMs).toBe(r.chunkMs[0]);
    }
    expect(run.window.startMs).toBe(Math.min(...run.requests.map((r) => r.sentMs ?? NaN)));
    expect(run.window.endMs).toBe(Math.max(...run.requests.map((r) => r.doneMs ?? NaN)));
  });

  it('opens one connection a slot and keeps it', async () => {
    const { stats } = await load({}, { connections: 'per-slot', serverMetrics: false });
    // One more tests how prompts are accepted.
    expect(stats.connections).toBe(1 + 4);
  });

  it('opens a connection of its own for each request', async () => {
    const { stats, spec } = await load({}, { connections: 'per-request' });
    expect(stats.connections).toBeGreaterThanOrEqual(12 + requestsBefore(spec));
  });

  it('stays at the asked concurrency, by its records and by the server', async () => {
    await using fake = await startFakeServer();
    const spec = specFor(fake, { arrival: { concurrency: 5 }, numPrompts: 23, numWarmups: 7 });
    fake.hold();
    const running = generateLoad(spec);
    // All slots fill up before any answer is released, then one at a time.
    await fake.when(({ inFlight }) => inFlight === 1);
    fake.release(1);
    for (let ended = 1; ended <= 7 + 23; ended++) {
      const phaseLeft = ended <= 7 ? 8 - ended : 31 - ended;
      await fake.when(
        ({ completed, inFlight }) => completed === ended && inFlight === Math.min(5, phaseLeft),
      );
      fake.release(1);
    }
    const run = await running;
    expect(fake.stats.peakInFlight).toBe(5);
    expect(run.client.peakInFlight).toBe(5);
    expect(peakInFlight(timelineOf(run.requests))).toBe(5);
  });

  it('warms up with other prompts than those it measures, and records none of them', async () => {
    const { run, requests, spec } = await load(
      {},
      { numPrompts: 40, numWarmups: 20, prompts: { inputLen: 6 } },
    );
    const firstIds = requests.map(({ prompt }) => prompt[0]);
    const before = new Set(firstIds.slice(0, requestsBefore(spec)));
    const measured = new Set(firstIds.slice(requestsBefore(spec)));
    expect([...measured].filter((id) => before.has(id))).toEqual([]);
    expect(run.warmups).toEqual({ completed: 20, failed: 0 });
    expect(run.requests).toHaveLength(40);
  });

  it('keeps warm-ups apart even in a vocabulary that leaves little room', async () => {
    const { requests, spec } = await load(
      {},
      { numPrompts: 10, numWarmups: 30, prompts: { vocabulary: { first: 5, end: 17 } } },
    );
    const firstIds = requests.map(({ prompt }) => prompt[0]);
    const measured = firstIds.slice(requestsBefore(spec));
    expect(firstIds.slice(0, requestsBefore(spec)).filter((id) => measured.includes(id))).toEqual([]);
    expect(
      requests.flatMap(({ prompt }) => prompt as readonly number[]).every((id) => id >= 5 && id < 17),
    ).toBe(true);
  });

  it('leaves output tokens out when the server gives no usage', async () => {
    const { run } = await load({ faults: ['no-usage'] });
    expect(run.requests.map(({ state }) => state)).toEqual(Array(12).fill('completed'));
    for (const record of run.requests) {
      expect(record).not.toHaveProperty('outputTokens');
      expect(record).not.toHaveProperty('serverPromptTokens');
      expect(record.chunkMs).toHaveLength(record.requestedOutputTokens);
    }
    expect(run.prompts?.notes).toEqual([expect.stringContaining('unchecked')]);
  });

  it('records what came when the server stops short of what was asked', async () => {
    const { run } = await load({ faults: ['short-output'] });
    for (const r of run.requests) expect(r.outputTokens).toBe(Math.ceil(r.requestedOutputTokens / 2));
  });

  it('tells a role-only chunk from content', async () => {
    const { run } = await load(
      { framing: { roleChunk: true } },
      { endpoint: { api: 'chat' }, prompts: { form: 'auto' } },
    );
    for (const r of run.requests) expect(r.chunkMs).toHaveLength(r.requestedOutputTokens + 1);
  });

  it('speaks to a base URL with a path, with a bearer token', async () => {
    await using fake = await startFakeServer({ apiKey: 'secret' });
    const spec = specFor({ url: `${fake.url}/some/where` });
    const run = await generateLoad(spec, { apiKey: 'secret' });
    expect(run.requests.every(({ state }) => state === 'completed')).toBe(true);
  });

  it('reports progress up to the end of each phase, and records as requests end', async () => {
    await using fake = await startFakeServer();
    const events: LoadProgress[] = [];
    const indices: number[] = [];
    let warmupsAtStart: unknown;
    const run = await generateLoad(specFor(fake), {
      cpuSeconds: () => 0,
      onProgress: (event) => events.push(event),
      onStart: (head) => void (warmupsAtStart = head.warmups),
      onRecord: ({ index }) => indices.push(index),
    });
    const last = (phase: string) => events.findLast((event) => event.phase === phase);
    const outputTokens = run.requests.reduce((sum, r) => sum + (r.outputTokens ?? 0), 0);
    expect(last('probe')).toMatchObject({ done: 1, failed: 0 });
    expect(last('warmup')).toMatchObject({ done: 3, total: 3, failed: 0, inFlight: 0 });
    expect(last('measure')).toMatchObject({
      done: 12,
      total: 12,
      failed: 0,
      inFlight: 0,
      outputTokens,
      etaS: 0,
    });
    expect(warmupsAtStart).toEqual({ completed: 3, failed: 0 });
    expect(indices.sort((a, b) => a - b)).toEqual(run.requests.map(({ index }) => index));
    expect(run.client).toMatchObject({ name: 'sweepline-load/1', cpuS: 0 });
  });
});
