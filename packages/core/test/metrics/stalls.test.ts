import { expect, it } from 'vitest';
import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';
import { marksOf } from '../../src/metrics/marks.js';
import { stallsOf } from '../../src/metrics/stalls.js';
import { request, runOf } from './run.js';

/** A simulated server with slots and a clock: the requests, and when it is silent. */
interface Scene {
  readonly streams?: number;
  readonly requests?: number;
  readonly promptTokens?: (index: number) => number;
  /** Prompt tokens per ms; one prefill after another. */
  readonly prefillRate?: number;
  /** Whether streams pause while others are prefilled. */
  readonly pausing?: boolean;
  readonly itlMs?: number;
  readonly outputTokens?: number;
  readonly tokensPerChunk?: number;
  /** No step of the server ends during this time. */
  readonly silent?: { readonly fromMs: number; readonly ms: number };
}

interface Slot {
  index: number;
  sentMs: number;
  prompt: number;
  tokens: number;
  chunks: number[];
}

/** A closed loop, step by step: each step prefills one prompt and gives all other streams a token, unless they pause. */
function play(scene: Scene): RunRecord {
  const { streams = 8, requests = 80, promptTokens = () => 1000, prefillRate = 10, pausing = false } = scene;
  const { itlMs = 20, outputTokens = 50, tokensPerChunk = 1, silent } = scene;
  const records: RequestRecord[] = [];
  let now = 0;
  let next = 0;
  const start = (): Slot => ({
    index: next,
    sentMs: now,
    prompt: promptTokens(next++),
    tokens: 0,
    chunks: [],
  });
  let slots = Array.from({ length: Math.min(streams, requests) }, start);
  while (slots.length > 0) {
    const waiting = slots.find(({ tokens }) => tokens === 0);
    now += waiting === undefined ? itlMs : Math.max(itlMs, waiting.prompt / prefillRate);
    if (silent !== undefined && now >= silent.fromMs && now < silent.fromMs + silent.ms)
      now = silent.fromMs + silent.ms;
    for (const slot of slots) {
      if (slot !== waiting && (slot.tokens === 0 || (pausing && waiting !== undefined))) continue;
      slot.tokens++;
      if (slot.tokens === 1 || slot.tokens % tokensPerChunk === 0 || slot.tokens === outputTokens)
        slot.chunks.push(now);
    }
    slots = slots.flatMap((slot) => {
      if (slot.tokens < outputTokens) return [slot];
      records.push(recordOf(slot, now, outputTokens));
      return next < requests ? [start()] : [];
    });
  }
  return runOf(records, { window: { startMs: 0, endMs: now } });
}

function recordOf(
  { index, sentMs, prompt, chunks }: Slot,
  doneMs: number,
  outputTokens: number,
): RequestRecord {
  return request({
    ...{ index, scheduledMs: sentMs, sentMs, firstContentMs: chunks[0]!, chunkMs: chunks, doneMs },
    ...{
      promptTokens: prompt,
      serverPromptTokens: prompt,
      requestedOutputTokens: outputTokens,
      outputTokens,
    },
  });
}

const stallMarks = (run: RunRecord) =>
  marksOf(run)
    .filter(({ code }) => code === 'server-stall')
    .map(({ severity }) => severity);

it.each<[string, Scene]>([
  ['a steady server', {}],
  [
    'streams that wait while a prompt of 30 s is prefilled',
    { promptTokens: () => 30_000, prefillRate: 1, pausing: true, requests: 24 },
  ],
  ['a burst of 64 prompts of 8k', { streams: 64, requests: 128, promptTokens: () => 8192, prefillRate: 4 }],
  [
    'such a burst in which streams wait',
    { streams: 64, requests: 128, promptTokens: () => 8192, prefillRate: 3, pausing: true },
  ],
  ['one burst alone', { streams: 16, requests: 16, promptTokens: () => 8192, prefillRate: 2 }],
  [
    'prompts of very different lengths',
    { promptTokens: (i) => (i % 20 === 19 ? 60_000 : 500), prefillRate: 10, pausing: true },
  ],
  ['64 tokens in a chunk', { tokensPerChunk: 64, outputTokens: 200, itlMs: 50 }],
  ['answers that are two chunks', { tokensPerChunk: 64, outputTokens: 64, itlMs: 50 }],
  [
    'one stream after another, each long to its first token',
    { streams: 1, requests: 8, promptTokens: () => 100_000 },
  ],
  ['a slow server', { itlMs: 900, outputTokens: 12, requests: 16 }],
  ['silence below 2 s', { silent: { fromMs: 3000, ms: 1900 } }],
])('finds no stall in %s', (_, scene) => {
  const run = play(scene);
  expect(stallsOf(run)).toEqual([]);
  expect(stallMarks(run)).toEqual([]);
});

it.each<[string, Scene, number]>([
  ['in the middle of decoding', { silent: { fromMs: 3000, ms: 4000 } }, 4000],
  ['early, when all wait for their first tokens', { silent: { fromMs: 50, ms: 70_000 } }, 70_000],
  ['of one stream after another', { streams: 1, requests: 20, silent: { fromMs: 5010, ms: 60_000 } }, 60_000],
  [
    'beside long prefills',
    { promptTokens: () => 8000, pausing: true, silent: { fromMs: 30_000, ms: 70_000 } },
    70_000,
  ],
  [
    'of a server that sends 64 tokens at once',
    { tokensPerChunk: 64, outputTokens: 200, silent: { fromMs: 6000, ms: 60_000 } },
    60_000,
  ],
])('finds a stall %s', (_, scene, ms) => {
  const run = play(scene);
  const [stall, ...others] = stallsOf(run);
  expect(others).toEqual([]);
  expect(stall?.endMs).toBeGreaterThanOrEqual(scene.silent!.fromMs + ms);
  expect(stall?.lostMs).toBeGreaterThan(0.9 * ms - 1500);
  expect(stallMarks(run)).toEqual(['invalid']);
});

it('notes a stall of a small share, with when and whom it met', () => {
  const run = play({ requests: 800, silent: { fromMs: 10_000, ms: 3000 } });
  const [mark] = marksOf(run).filter(({ code }) => code === 'server-stall');
  expect(mark?.severity).toBe('note');
  expect(mark?.message).toMatch(
    /for 3\.\d s, .* from (9\.9|10\.0) s after the window began \(2026-02-03T04:05:1[56]/,
  );
  expect(mark?.message).toMatch(/[78] past their first token/);
});

it('finds a server that never sent another token', () => {
  const { requests } = play({ requests: 16 });
  const cut = requests.map((one): RequestRecord => {
    const chunkMs = Array.from(one.chunkMs).filter((ms) => ms < 500);
    return chunkMs.length === 0 ? one : { ...one, chunkMs, state: 'timed-out', doneMs: 60_000 };
  });
  const run = runOf(
    cut.filter(({ state }) => state === 'timed-out'),
    { window: { startMs: 0, endMs: 60_000 } },
  );
  expect(stallsOf(run)).toMatchObject([{ endMs: 60_000, decoding: 4, waiting: 0 }]);
});

it('leaves the time to the client in which the client stood still', () => {
  const run = play({ silent: { fromMs: 3000, ms: 4000 } });
  const pauses = { count: 1, lostMs: 3990, longest: [{ startMs: 3005, ms: 3990 }] };
  const workers = [{ requests: 80, connections: { opened: 8, dropped: 0, retried: 0 }, pauses }];
  expect(stallMarks({ ...run, client: { ...run.client, workers } })).toEqual([]);
});

it('says nothing about times in which nothing was asked for', () => {
  const at = (index: number, sentMs: number) =>
    request({
      index,
      sentMs,
      scheduledMs: sentMs,
      chunkMs: [sentMs + 50, sentMs + 70, sentMs + 90],
      doneMs: sentMs + 91,
    });
  expect(stallsOf(runOf([at(0, 0), at(1, 60_000)], { window: { startMs: 0, endMs: 60_091 } }))).toEqual([]);
});

it('reads windows of any length, as damaged files have them', () => {
  const run = play({ requests: 8 });
  expect(stallsOf({ ...run, window: { startMs: 0, endMs: 1e15 } }).length).toBeLessThan(2);
  expect(stallsOf({ ...run, window: { startMs: 5, endMs: -1e15 } })).toEqual([]);
  const stalled = play({ silent: { fromMs: 3000, ms: 4000 } });
  expect(stallMarks({ ...stalled, originUnixMs: 1e20 })).toEqual(['invalid']);
});

/** Streams one after another in each slot, 50 chunks each, with the gaps from `gapOf`; all stall once. */
function slots(gapOf: (index: number) => number, stall: { readonly fromMs: number; readonly ms: number }) {
  const shifted = (ms: number): number => (ms < stall.fromMs ? ms : ms + stall.ms);
  return Array.from({ length: 8 }, (_, slot) => {
    const records: RequestRecord[] = [];
    for (let now = 3 * slot; now < 60_000;) {
      const sentMs = shifted(now);
      const chunks = Array.from({ length: 50 }, (_, i) => (now += i === 0 ? 50 : gapOf(i)));
      const slotted = { index: 0, sentMs, prompt: 1000, tokens: 50, chunks: chunks.map(shifted) };
      records.push(recordOf(slotted, shifted(now), 50));
    }
    return records;
  }).flat();
}

const windowOf = (requests: readonly RequestRecord[]) => ({
  window: { startMs: 0, endMs: Math.max(...requests.map(({ doneMs = 0 }) => doneMs)) },
});

it('finds a stall of a server that is often slow', () => {
  const requests = slots((i) => (i % 10 < 3 ? 500 : 20), { fromMs: 30_000, ms: 9000 });
  const run = runOf(requests, windowOf(requests));
  expect(stallsOf(run)).toHaveLength(1);
  expect(stallMarks(run)).toEqual(['invalid']);
});

it('finds a stall that ends with all connections', () => {
  const requests = slots(() => 20, { fromMs: 30_000, ms: 6000 }).map((one): RequestRecord => {
    const chunkMs = Array.from(one.chunkMs).filter((ms) => ms < 30_000);
    const isCut = chunkMs.length > 0 && chunkMs.length < one.chunkMs.length;
    return isCut ? { ...one, chunkMs, state: 'failed', doneMs: 35_990 } : one;
  });
  const [stall, ...others] = stallsOf(runOf(requests, windowOf(requests)));
  expect(others).toEqual([]);
  expect(stall).toMatchObject({ endMs: 35_990, decoding: 8 });
});

it('finds answers that stay open for long after their last token', () => {
  const requests = [0, 6000, 12_000].map((sentMs, index) => {
    const chunks = Array.from({ length: 50 }, (_, i) => sentMs + 50 + 20 * i);
    return recordOf({ index, sentMs, prompt: 10, tokens: 50, chunks }, sentMs + 6000, 50);
  });
  expect(stallsOf(runOf(requests, windowOf(requests)))).toHaveLength(3);
});

it.each([2000, 9000, 14_000])('finds a request that waits for 10 s, %i ms after the one before', (idleMs) => {
  const requests = [0, 5000, 6020 + idleMs, 60_000].map((sentMs, index) => {
    const firstMs = sentMs + (index === 2 ? 10_000 : 50);
    const chunks = Array.from({ length: 50 }, (_, i) => firstMs + 20 * i);
    return recordOf({ index, sentMs, prompt: 1000, tokens: 50, chunks }, chunks[49]!, 50);
  });
  const stalls = stallsOf(runOf(requests, windowOf(requests)));
  expect(stalls).toMatchObject([{ startMs: 6020 + idleMs, decoding: 0, waiting: 1 }]);
});
