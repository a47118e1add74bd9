import { describe, expect, it } from 'vitest';
import { maxCell, pacedCell, type Cell } from '../../src/selftest/cell.js';
import { compare, type Measured } from '../../src/selftest/compare.js';
import { describeMeasured, describeVerdict } from '../../src/selftest/report.js';
import type { CellRun } from '../../src/selftest/run-cell.js';
import { digestsOf } from '../../src/selftest/truth.js';
import { isWithin1Ms, isWithin5Percent, rooflineOf } from '../../src/selftest/verdict.js';
import type { GoldenRequest } from '../../src/selftest/golden/log.js';
import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';
import { specFor } from '../load/specs.js';

interface Shift {
  /** Ms that the client sees each first token later than it was sent, and each other further behind the one before it. */
  readonly ttft: number;
  readonly itl: number;
  /** Ms that the server is late with each second write. */
  readonly uneven?: number;
}

const SIDES = { workers: 1, servers: 1, spin: false };

/** A client that is wrong in a known way. */
function measuredWith(streams: number, shift: Shift, sides = SIDES): Measured {
  const cell = pacedCell(streams, sides, 3);
  const truth = truthOf(cell, shift);
  const requests = truth.map(({ writes }, index): RequestRecord => {
    const at = 1000 * index;
    return {
      index,
      state: 'completed',
      scheduledMs: at,
      sentMs: at,
      chunkMs: writes!.sentMs.map((sentMs, i) => sentMs + shift.ttft + i * shift.itl),
      requestedOutputTokens: 3,
      outputTokens: 3,
    };
  });
  return compare(cell, runOf(requests, [...before(cell), ...truth], 0.06 * streams));
}

function truthOf(cell: Cell, { uneven = 0 }: Pick<Shift, 'uneven'> = {}): GoldenRequest[] {
  return digestsOf(cell)!.map((digest, index) => {
    const dueMs = [199.5, 219.5, 239.5].map((ms) => 1000 * index + ms);
    const sentMs = dueMs.map((ms, i) => ms + 0.5 + (i % 2) * uneven);
    const cpuS = { received: index / 2, ended: index / 2 + 0.1 };
    return {
      ...{ ordinal: index, digest, receivedMs: 1000 * index, firstSentMs: sentMs[0], lastSentMs: sentMs[2] },
      ...ANSWERED,
      ...{ writes: { dueMs, sentMs, tokens: [1, 1, 1] }, cpuS },
    };
  });
}

const ANSWERED = {
  api: 'completions',
  connection: 0,
  promptTokens: 1,
  tokens: 3,
  tokensSent: 3,
  end: 'completed',
} as const;

/** The warm-ups of a cell, and what asks how prompts are taken. */
function before({ streams }: Cell): GoldenRequest[] {
  const count = Math.min(streams, 64) + 1;
  return Array.from({ length: count }, (_, i) => ({
    ...{ ...ANSWERED, ordinal: -1 - i, digest: `before ${i}`, receivedMs: -1 },
  }));
}

function runOf(requests: readonly RequestRecord[], truth: readonly GoldenRequest[], cpuS = 1): CellRun {
  const client = { name: 'c', peakInFlight: 1, sendLagMs: { mean: 0, max: 0 }, cpuS };
  const run: RunRecord = {
    spec: specFor({ url: 'http://127.0.0.1:1' }),
    originUnixMs: 0,
    window: { startMs: 0, endMs: 1 },
    requests,
    warmups: { completed: 0, failed: 0 },
    client,
    complete: true,
  };
  const log = {
    schema: 'sweepline.golden/1',
    originUnixMs: 0,
    originMonotonicMs: 0,
    connections: 1,
  } as const;
  return { run, log: { ...log, requests: truth } };
}

describe('the comparison', () => {
  it('takes what the server did from what the client says', () => {
    const { errors, truth, lateMs, cpuUsPerToken, problems } = measuredWith(10, { ttft: 2, itl: -0.5 });
    expect(problems).toEqual([]);
    expect(truth).toEqual({ meanTtft: 200, p99Ttft: 200, meanItl: 20, p99Itl: 20 });
    expect(errors).toEqual({ meanTtft: 2, p99Ttft: 2, meanItl: -0.5, p99Itl: 0.5 });
    expect(lateMs).toBeCloseTo(0.5, 6);
    // 0.6 CPU seconds for 20 requests of 3 tokens.
    expect(cpuUsPerToken).toBeCloseTo(10_000, 6);
  });

  it('blames no client for what the server is late with, and lets none hide behind it', () => {
    const exact = measuredWith(10, { ttft: 0, itl: 0, uneven: 15 });
    expect(exact.truth).toMatchObject({ meanItl: 20, p99Itl: 35 });
    expect(exact.errors).toEqual({ meanTtft: 0, p99Ttft: 0, meanItl: 0, p99Itl: 0 });
    const cell = pacedCell(10, SIDES, 3);
    const uneven = truthOf(cell, { uneven: 15 });
    const truth = truthOf(cell).map((even, index) => (index % 2 === 0 ? even : uneven[index]!));
    // Gaps of 35 and 5 ms are seen as they are, those of 20 and 20 as 23 and 17: the p99 is 35 on both sides.
    const requests = truth.map(({ writes }, index): RequestRecord => {
      const chunkMs = writes!.sentMs.map((ms, i) => (index % 2 === 0 && i === 1 ? ms + 3 : ms));
      const times = { scheduledMs: 1000 * index, sentMs: 1000 * index, chunkMs };
      return { ...times, index, state: 'completed', requestedOutputTokens: 3, outputTokens: 3 };
    });
    const { errors } = compare(cell, runOf(requests, [...before(cell), ...truth]));
    expect(errors).toMatchObject({ meanItl: 0, p99Itl: 3 });
  });

  it.each([
    [{ ttft: 1, itl: -1 }, true, true],
    [{ ttft: 10, itl: 1 }, false, true],
    [{ ttft: -10.1, itl: 0 }, false, false],
    [{ ttft: 0, itl: 1.1 }, false, false],
  ])('of %o is within 1 ms: %s, within 5 %%: %s', (shift, within1Ms, within5Percent) => {
    const measured = measuredWith(10, shift);
    expect(isWithin1Ms(measured)).toBe(within1Ms);
    expect(isWithin5Percent(measured)).toBe(within5Percent);
  });

  it.each([
    ['never came', (truth: GoldenRequest[]) => truth.slice(1), 'requests at the server: 19, not 20'],
    ['came twice', (truth: GoldenRequest[]) => [truth[0]!, ...truth], 'requests at the server: 21, not 20'],
    [
      'is nobody’s',
      (truth: GoldenRequest[]) => [...truth, { ...truth[0]!, digest: 'other' }],
      'other requests at the server: 12, not 11',
    ],
  ])('tells of a request that %s', (_name, change, problem) => {
    const cell = pacedCell(10, SIDES, 3);
    const { run, log } = runOf([], [...before(cell), ...change(truthOf(cell))]);
    expect(compare(cell, { run, log }).problems).toContain(problem);
  });

  /** One of the requests has failed. */
  function failedWith(code: 'connect-failed' | 'malformed-chunk'): Measured {
    const cell = pacedCell(10, SIDES, 3);
    const truth = truthOf(cell);
    const requests = truth.map(({ writes }, index): RequestRecord => {
      const known = { index, scheduledMs: 1000 * index, requestedOutputTokens: 3 };
      if (index === 7) return { ...known, state: 'failed', chunkMs: [], error: { code, message: 'why' } };
      const [sentMs, chunkMs] = [1000 * index, writes!.sentMs];
      return { ...known, state: 'completed', sentMs, chunkMs, outputTokens: 3 };
    });
    return compare(cell, runOf(requests, [...before(cell), ...truth.filter((_, index) => index !== 7)]));
  }

  it('takes no request for lost that the machine had no room for, nor its cell for one that was met', () => {
    const measured = failedWith('connect-failed');
    expect(measured).toMatchObject({
      problems: [],
      failures: ['requests failed: 1 × connect-failed: why'],
      errors: { meanTtft: 0, p99Itl: 0 },
    });
    expect(isWithin5Percent(measured)).toBe(false);
    expect(describeMeasured(measured)).toMatch(/failed\n {2}requests failed: 1 × connect-failed/);
  });

  it('takes one for wrong that the client didn’t understand', () => {
    expect(failedWith('malformed-chunk').problems).toContain('request 7 failed: malformed-chunk: why');
  });

  it('tells how busy the busiest of several servers was', () => {
    const cell = maxCell(1, { ...SIDES, servers: 2 }, 2);
    const answers = digestsOf(cell)!.map((digest, server): GoldenRequest => {
      const cpuS = { received: 5, ended: 5 + [0.2, 0.95][server]! };
      const times = { receivedMs: 0, firstSentMs: 1000, lastSentMs: 1000 };
      return { ...ANSWERED, ...times, ordinal: server, server, digest, cpuS };
    });
    expect(compare(cell, runOf([], answers))).toMatchObject({
      serverCores: expect.closeTo(0.95, 6) as number,
      limit: 'server',
    });
  });

  it('takes no server for busy that waits in a busy loop, but one for slow that is late', () => {
    const sides = { ...SIDES, spin: true };
    const kept = measuredWith(4, { ttft: 0, itl: 0 }, sides);
    expect(kept).toMatchObject({ limit: 'none' });
    expect(kept.serverCores).toBeUndefined();
    expect(measuredWith(4, { ttft: 0, itl: 0, uneven: 25 }, sides).limit).toBe('server');
    expect(measuredWith(4, { ttft: 0, itl: 0, uneven: 25 }).limit).toBe('machine');
  });
});

describe('the verdict', () => {
  it('names the most streams within each bound, of exact cells alone', () => {
    const cells = [
      measuredWith(16, { ttft: 0.1, itl: 0 }),
      measuredWith(64, { ttft: 0.5, itl: 0.1 }),
      measuredWith(256, { ttft: 5, itl: 0.5 }),
      measuredWith(512, { ttft: 20, itl: 5 }),
      { ...measuredWith(1024, { ttft: 0, itl: 0 }), problems: ['a token is missing'] },
      // A server that didn't do what was asked for says nothing about the level.
      { ...measuredWith(2048, { ttft: 0, itl: 0 }), lateMs: 21 },
    ];
    expect(rooflineOf(1, cells)).toMatchObject({
      workers: 1,
      tried: [16, 64, 256, 512, 1024, 2048],
      within1Ms: { streams: 64, met: 1, runs: 1 },
      within5Percent: { streams: 256 },
    });
    expect(rooflineOf(2, cells)).toEqual({ workers: 2, tried: [], max: [] });
  });

  it('believes most runs of a level, not one', () => {
    const [good, bad] = [0, 2].map((itl) => measuredWith(64, { ttft: 0, itl }));
    const low = measuredWith(16, { ttft: 0, itl: 0 });
    const level = (runs: readonly Measured[]) => rooflineOf(1, [low, ...runs]).within1Ms;
    expect(level([good!, bad!])).toMatchObject({ streams: 16 });
    expect(level([bad!, good!, good!])).toMatchObject({ streams: 64, met: 2, runs: 3 });
    expect(level([good!, bad!, bad!])).toMatchObject({ streams: 16 });
  });

  it('says what each number of workers can do, beside the first, in 80 columns', () => {
    const one = { streams: 256, tokensPerS: 10_000, met: 2, runs: 3 };
    const rooflines = [
      { workers: 1, tried: [64, 256, 512], within5Percent: one, max: [] },
      {
        workers: 4,
        tried: [256, 512, 16_384],
        within1Ms: { ...one, streams: 512 },
        within5Percent: { ...one, streams: 16_384, tokensPerS: 680_000 },
        max: [{ eventsPerWrite: 8, tokensPerS: 1_400_000, limit: 'client' as const }],
      },
    ];
    const said = describeVerdict({ measured: [], rooflines, exact: true, cutShort: false });
    expect(said).toContain('within 1 ms: nothing from 64 streams on');
    expect(said).toContain('within 5 %:  256 streams, 10,000 tokens/s, 2 of 3 runs\n');
    expect(said).toContain('≥ 16,384 streams, 680,000 tokens/s, 2 of 3 runs, 64.0 × 1 worker');
    expect(Math.max(...said.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
