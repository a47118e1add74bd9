import { describe, expect, it } from 'vitest';
import { Mt19937 } from '../../src/load/prompts/mt19937.js';
import type { RunRecord } from '../../src/load/record.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { computeMetrics } from '../../src/metrics/compute.js';
import { blocksOf } from '../../src/metrics/intervals/blocks.js';
import { intervalsOf, type IntervalOptions } from '../../src/metrics/intervals/intervals.js';
import { expandedLevels } from '../../src/metrics/intervals/levels.js';
import { request, runOf } from './run.js';

/** One request after the other, with the given TTFTs and 10 chunks of 10 ms. */
function runWithTtfts(ttfts: readonly number[]): RunRecord {
  let now = 0;
  const requests = ttfts.map((ttft, index) => {
    const sentMs = now;
    const chunkMs = Array.from({ length: 10 }, (_, i) => sentMs + ttft + 10 * i);
    now = sentMs + ttft + 90;
    return request({ index, scheduledMs: sentMs, sentMs, chunkMs, doneMs: now, outputTokens: 10 });
  });
  return runOf(requests, { window: { startMs: 0, endMs: now } });
}

/** Standard normal numbers from a seed (Box–Muller). */
function normals(seed: number, count: number): number[] {
  const random = new Mt19937(seed);
  const uniform = () => (random.uint32() + 1) / 2 ** 32;
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** Each value leans on the one before it. */
function autocorrelated(values: readonly number[], share: number): number[] {
  let last = 0;
  return values.map((value) => (last = share * last + Math.sqrt(1 - share * share) * value));
}

function interval(run: RunRecord, key: string, options: IntervalOptions = {}): readonly [number, number] {
  const intervals = intervalsOf(run, { resamples: 200, ...options });
  if ('reason' in intervals) throw new Error(intervals.reason);
  return intervals.values[key] ?? [NaN, NaN];
}

/** Share of runs whose interval holds the true value. */
function coverage(runs: number, ttfts: (seed: number) => number[], key: string, truth: number, options = {}) {
  const held = Array.from({ length: runs }, (_, seed) => {
    const [low, high] = interval(runWithTtfts(ttfts(seed)), key, options);
    return low <= truth && truth <= high;
  });
  return held.filter(Boolean).length / runs;
}

const independent = (seed: number) => normals(seed, 200).map((z) => 200 + 20 * z);
const dependent = (seed: number) => autocorrelated(normals(seed, 400), 0.9).map((z) => 200 + 20 * z);

describe('intervals', () => {
  it.each([
    ['mean_ttft_ms', 200],
    ['median_ttft_ms', 200],
    ['output_throughput', 10_000 / 290],
  ])('of independent requests hold the true %s in about 95 %% of runs', (key, truth) => {
    const share = coverage(200, independent, key, truth);
    expect(share).toBeGreaterThan(0.91);
    expect(share).toBeLessThan(0.985);
  });

  it('of requests that depend on each other need blocks to hold it', () => {
    const key = 'mean_ttft_ms';
    const blocked = coverage(100, dependent, key, 200, { blockLength: 40 });
    expect(coverage(100, dependent, key, 200, { blockLength: 1 })).toBeLessThan(blocked - 0.15);
    expect(blocked).toBeGreaterThan(0.85);
    const [run] = [runWithTtfts(dependent(1))];
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(interval(run, key, { blockLength: 40 }))).toBeGreaterThan(
      1.5 * width(interval(run, key, { blockLength: 1 })),
    );
  });

  it('are the same for the same seed, and say what they are', () => {
    const run = runWithTtfts(independent(7));
    expect(intervalsOf(run)).toEqual(intervalsOf(run));
    expect(intervalsOf(run, { seed: 1 })).not.toEqual(intervalsOf(run));
    expect(intervalsOf(run)).toMatchObject({
      level: 0.95,
      covers: expect.stringMatching(/^this run only/) as string,
      requests: 200,
      blocks: 33,
      resamples: 1000,
      seed: 0,
    });
  });

  it('lie around the numbers of the run', () => {
    const run = runWithTtfts(independent(3));
    const { values } = computeMetrics(run, builtinMetrics);
    const intervals = intervalsOf(run);
    if ('reason' in intervals) throw new Error(intervals.reason);
    const latencies = ['ttft', 'tpot', 'itl', 'e2el'].flatMap((key) =>
      ['mean', 'median', 'p99'].map((statistic) => `${statistic}_${key}_ms`),
    );
    const rates = ['request_throughput', 'output_throughput', 'total_token_throughput'];
    expect(Object.keys(intervals.values).sort()).toEqual([...latencies, ...rates].sort());
    for (const [key, [low, high]] of Object.entries(intervals.values)) {
      expect(low).toBeLessThanOrEqual((values[key] ?? NaN) * (1 + 1e-9));
      expect(high).toBeGreaterThanOrEqual((values[key] ?? NaN) * (1 - 1e-9));
    }
  });

  it('are exact where nothing scatters', () => {
    const run = runWithTtfts(Array<number>(50).fill(100));
    expect(interval(run, 'p99_ttft_ms')).toEqual([100, 100]);
    expect(interval(run, 'median_itl_ms')).toEqual([10, 10]);
  });

  it('leave out what can not be told', () => {
    const run = runWithTtfts(independent(1));
    const unknown = {
      ...run,
      requests: run.requests.map((record) => ({ ...record, outputTokens: undefined })),
    };
    const intervals = intervalsOf(unknown);
    expect(
      Object.keys('values' in intervals ? intervals.values : {}).filter((key) =>
        /tpot|token|output/.test(key),
      ),
    ).toEqual([]);
    expect(intervalsOf(runWithTtfts([1, 2, 3]))).toEqual({
      reason: '3 requests completed; intervals need 20',
    });
  });
});

describe('blocks', () => {
  const requests = (count: number) =>
    Array.from({ length: count }, (_, i) => request({ index: i, sentMs: count - i }));
  const shape = (count: number, inFlight: number) => {
    const blocks = blocksOf(requests(count), inFlight) ?? [];
    return [
      blocks.length,
      Math.min(...blocks.map((b) => b.length)),
      Math.max(...blocks.map((b) => b.length)),
    ];
  };

  it('are as long as requests are in flight, at least the cube root of all, at least ten', () => {
    expect(shape(1000, 1)).toEqual([100, 10, 10]);
    expect(shape(1000, 25)).toEqual([40, 25, 25]);
    expect(shape(1000, 500)).toEqual([10, 100, 100]);
    expect(shape(1003, 25)).toEqual([40, 25, 26]);
    expect(blocksOf(requests(19), 1)).toBeUndefined();
  });

  it('hold each request once, in order of sending', () => {
    const sent = (blocksOf(requests(107), 9) ?? []).flat().map(({ sentMs }) => sentMs);
    expect(sent).toEqual(Array.from({ length: 107 }, (_, i) => i + 1));
  });
});

// 97.5 % points of Student's t with 9 and 99 degrees: 2.26216 and 1.98422; normal distribution function of -2.38453 and -1.99422.
it('widens levels for few blocks', () => {
  expect(expandedLevels(10)[0]).toBeCloseTo(0.8551, 2);
  expect(expandedLevels(100)[0]).toBeCloseTo(2.3064, 2);
  expect(expandedLevels(1e6)[0]).toBeCloseTo(2.5, 4);
  expect(expandedLevels(10)[1]).toBeCloseTo(100 - 0.8551, 2);
});
