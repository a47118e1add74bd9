import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { peakInFlight } from '../../src/load/health/window.js';
import type { RequestRecord } from '../../src/load/records/record.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { timelineOf } from '../../src/load/health/timeline.js';
import { workerCount } from '../../src/load/run/thread-count.js';
import { startFakeServer } from '../../src/testing/index.js';
import { LoadFolder } from './load-process.js';
import { requestsBefore, specFor } from './specs.js';

let load: LoadFolder;
beforeEach(() => void (load = new LoadFolder()));
afterEach(() => load[Symbol.dispose]());

/** The members of a record except times: the same for any number of threads. */
function untimed(record: RequestRecord) {
  const { index, state, turn, text, outputTokens, promptTokens, serverPromptTokens } = record;
  const { requestedOutputTokens, requestedPromptTokens, finishReason, chunkMs } = record;
  return {
    ...{ index, state, turn, text, outputTokens, promptTokens, serverPromptTokens },
    ...{ requestedOutputTokens, requestedPromptTokens, finishReason },
    chunks: chunkMs.length,
  };
}

async function run(changes: Parameters<typeof specFor>[1]) {
  await using fake = await startFakeServer();
  const spec = load.spec(fake, changes);
  const { code, events } = await load.start(spec).ended;
  const prompts = fake.requests.slice(requestsBefore(spec)).map(({ prompt }) => JSON.stringify(prompt));
  return { code, run: load.recorded(), prompts, events, connections: fake.stats.connections };
}

const PATTERNS: readonly LoadSpec['arrival'][] = [
  { pattern: 'closed-loop', concurrency: 8 },
  { pattern: 'poisson', rate: 2000, seed: 1 },
  { pattern: 'constant', rate: 5000, concurrency: 5 },
];

describe('several threads', () => {
  it.each(PATTERNS)('give the records that one gives: $pattern', async (arrival) => {
    const changes = { arrival, numPrompts: 200, output: { keepText: true } };
    const one = await run({ ...changes, workers: 1 });
    const many = await run({ ...changes, workers: 3 });

    expect(many.code).toBe(0);
    expect(many.run.complete).toBe(true);
    expect(many.run.requests.map(untimed)).toEqual(one.run.requests.map(untimed));
    expect(many.run.requests[0]?.text).toMatch(/./);
    expect(many.prompts.toSorted()).toEqual(one.prompts.toSorted());
    expect(new Set(many.prompts).size).toBe(200);
    expect(one.run.client.workers).toHaveLength(1);
    expect(many.run.client.workers).toHaveLength(3);
    expect(many.run.client.workers?.reduce((sum, { requests }) => sum + requests, 0)).toBe(200);
  });

  it('together stay at the asked concurrency, with a connection a slot, and share one clock', async () => {
    const changes = {
      arrival: { concurrency: 7 },
      numPrompts: 300,
      workers: 3,
      serverMetrics: false,
    } as const;
    const { run: record, connections } = await run(changes);

    expect(record.client.peakInFlight).toBe(7);
    expect(peakInFlight(timelineOf(record.requests))).toBe(7);
    expect(connections).toBe(1 + 7);
    for (const { scheduledMs, sentMs } of record.requests) expect(sentMs).toBeGreaterThanOrEqual(scheduledMs);
  });

  it('tell progress together', async () => {
    const { events } = await run({ numPrompts: 50, workers: 4 });

    const last = events.findLast((event) => event.type === 'progress');
    expect(last).toMatchObject({ phase: 'measure', done: 50, total: 50, failed: 0, inFlight: 0 });
    expect(last?.ttftMs).toBeGreaterThan(0);
  });

  it('are stopped together, and what had ended is kept', async () => {
    await using fake = await startFakeServer();
    const spec = load.spec(fake, { numWarmups: 0, workers: 2 });
    fake.hold(2);
    const { child, ended } = load.start(spec);
    await fake.when(({ requests }) => requests >= 1);
    fake.release(1);
    await fake.when(({ requests, inFlight }) => requests === 5 && inFlight === 4);
    fake.release(1);
    await fake.when(({ requests, inFlight }) => requests === 6 && inFlight === 4);
    child.kill('SIGTERM');

    expect((await ended).code).toBe(130);
    const record = load.recorded();
    expect(record.complete).toBe(false);
    const states = record.requests.map(({ state }) => state).toSorted();
    expect(states).toEqual([...Array<string>(4).fill('cancelled'), 'completed']);
  });
});

describe('the number of threads', () => {
  const spec = (concurrency: number, workers?: LoadSpec['workers']): LoadSpec => ({
    ...specFor({ url: 'http://127.0.0.1:1' }, { arrival: { concurrency }, numPrompts: 10 * concurrency }),
    ...(workers !== undefined && { workers }),
  });

  it('is what streams need, as cores allow', () => {
    expect(workerCount(spec(64), 16)).toBe(1);
    expect(workerCount(spec(1024), 16)).toBe(4);
    expect(workerCount(spec(16_384), 16)).toBe(14);
    expect(workerCount(spec(16_384), 2)).toBe(1);
  });

  it('is what is asked for, but not more than slots', () => {
    expect(workerCount(spec(64, 8), 2)).toBe(8);
    expect(workerCount(spec(2, 8), 16)).toBe(2);
  });
});
