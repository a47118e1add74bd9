import { describe, expect, it } from 'vitest';
import { Mt19937 } from '../../src/load/prompts/mt19937.js';
import type { RunRecord } from '../../src/load/records/record.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { computeMetrics } from '../../src/metrics/compute.js';
import { blocksOf } from '../../src/metrics/intervals/blocks.js';
import { latencyEstimators } from '../../src/metrics/intervals/estimators.js';
import { throughputs } from '../../src/metrics/intervals/rates.js';
import {
  resamplingOf,
  type EstimatorsOf,
  type ResamplingOptions,
} from '../../src/metrics/intervals/resampling.js';
import { expandedLevels } from '../../src/metrics/intervals/levels.js';
import { e2elMs, gapsMs, numbersOf, tpotMs, ttftMs } from '../../src/metrics/request.js';
import { rawResult } from '../../src/results/raw-result.js';
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

/** Each value is correlated with the previous one. */
function autocorrelated(values: readonly number[], share: number): number[] {
  let last = 0;
  return values.map((value) => (last = share * last + Math.sqrt(1 - share * share) * value));
}

/** Of all metrics that have intervals. */
const estimators: EstimatorsOf = (blocks, run) => [
  ...throughputs(blocks, run),
  ...latencyEstimators('ttft', blocks, (some) => numbersOf(some, ttftMs)),
  ...latencyEstimators('tpot', blocks, (some) => numbersOf(some, tpotMs)),
  ...latencyEstimators('itl', blocks, gapsMs),
  ...latencyEstimators('e2el', blocks, (some) => numbersOf(some, e2elMs)),
];

function intervalsOf(run: RunRecord, options?: ResamplingOptions) {
  const resampling = resamplingOf(run, options);
  return 'reason' in resampling ? resampling : { ...resampling.facts, values: resampling.endsOf(estimators) };
}

function interval(run: RunRecord, key: string, options: ResamplingOptions = {}): readonly [number, number] {
  const intervals = intervalsOf(run, { resamples: 200, ...options });
  if ('reason' in intervals) throw new Error(intervals.reason);
  return intervals.values[key] ?? [NaN, NaN];
}

/** Share of runs whose interval contains the true value. */
function coverage(runs: number, ttfts: (seed: number) => number[], key: string, truth: number) {
  const held = Array.from({ length: runs }, (_, seed) => {
    const [low, high] = interval(runWithTtfts(ttfts(seed)), key);
    return low <= truth && truth <= high;
  });
  return held.filter(Boolean).length / runs;
}

const independent = (seed: number) => normals(seed, 200).map((z) => 200 + 20 * z);
/** The correlation between requests falls by 1/e over ten requests. */
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

  it('of requests that depend on each other hold it in most, since blocks are as long as they do', () => {
    // 0.7 with blocks of ∛n requests, which would be enough if requests were independent.
    expect(coverage(200, dependent, 'mean_ttft_ms', 200)).toBeGreaterThan(0.84);
    const width = ([low, high]: readonly [number, number]) => high - low;
    const widthOf = (ttfts: readonly number[]) => width(interval(runWithTtfts(ttfts), 'mean_ttft_ms'));
    expect(widthOf(dependent(1))).toBeGreaterThan(1.5 * widthOf(independent(1)));
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
    const run = runWithTtfts(normals(3, 1000).map((z) => 200 + 20 * z));
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

  it('come and go with their metrics, and are the same whichever others there are', () => {
    const run = runWithTtfts(independent(4));
    const all = computeMetrics(run, builtinMetrics);
    const plugins = builtinMetrics.filter(({ name }) => name !== 'ttft' && name !== 'throughput');
    const { values, intervals } = computeMetrics({ ...run }, plugins);

    expect(Object.keys(all.intervals)).toContain('mean_ttft_ms');
    const isOthers = ([key]: readonly [string, unknown]) => !/_ttft_ms$|throughput$/.test(key);
    const others = Object.entries(all.intervals).filter(isOthers);
    expect(others.map(([key]) => key)).toEqual(
      ['tpot', 'itl', 'e2el'].flatMap((key) => [`mean_${key}_ms`, `median_${key}_ms`]),
    );
    expect(Object.entries(intervals)).toEqual(others);
    const foreign = { low: 1, high: 2, covers: 'something else' };
    const raw = rawResult({ run, values, intervals: { ...intervals, other: foreign }, modelId: 'm' });
    expect(raw['sweepline']).toMatchObject({
      intervals: { values: Object.fromEntries(others.map(([key, { low, high }]) => [key, [low, high]])) },
    });
    expect(JSON.stringify(raw)).not.toMatch(/"other"|mean_ttft_ms/);
  });

  it('lie around the numbers of a run of which samples are left out, whatever the rhythm of its chunks', () => {
    // Two chunks per read: gaps of 0 and 20 ms in turn, 100 per request.
    const requests = Array.from({ length: 600 }, (_, index) => {
      const sentMs = 2000 * index;
      const chunkMs = Array.from({ length: 101 }, (_, i) => sentMs + 50 + 20 * Math.floor(i / 2));
      return request({ index, sentMs, chunkMs, doneMs: sentMs + 1050 });
    });
    const run = runOf(requests, { window: { startMs: 0, endMs: 1_199_050 } });
    expect(computeMetrics(run, builtinMetrics).values['p99_itl_ms']).toBe(20);
    expect(interval(run, 'p99_itl_ms')).toEqual([20, 20]);
    const [low, high] = interval(run, 'median_itl_ms');
    expect([low, high]).toEqual([0, 20]);
  });

  it('have no p99 of fewer than 1,000 samples, or of few blocks', () => {
    const keysOf = (run: RunRecord) => {
      const intervals = intervalsOf(run, { resamples: 20 });
      return 'reason' in intervals
        ? []
        : Object.keys(intervals.values).filter((key) => key.startsWith('p99'));
    };
    const ttfts = normals(5, 1000).map((z) => 200 + 20 * z);
    expect(keysOf(runWithTtfts(ttfts))).toEqual(['p99_ttft_ms', 'p99_tpot_ms', 'p99_itl_ms', 'p99_e2el_ms']);
    expect(keysOf(runWithTtfts(ttfts.slice(1)))).toEqual(['p99_itl_ms']);
    expect(keysOf(runWithTtfts(ttfts.slice(800)))).toEqual([]);
  });

  it('say so where blocks are few', () => {
    expect(intervalsOf(runWithTtfts(independent(1).slice(150)))).toMatchObject({
      blocks: 12,
      caution: expect.stringMatching(/too narrow/) as string,
    });
    expect(intervalsOf(runWithTtfts(independent(1)))).not.toHaveProperty('caution');
  });

  it('are exact where nothing scatters', () => {
    const run = runWithTtfts(Array<number>(1000).fill(100));
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
    Array.from({ length: count }, (_, index) => {
      const sentMs = count - index;
      return request({ index, sentMs, chunkMs: [sentMs + 50, sentMs + 100], doneMs: sentMs + 100 });
    });
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

  it('are made longer while neighbours lean on each other', () => {
    const lengthOf = (ttfts: readonly number[]) => {
      const { requests } = runWithTtfts(ttfts);
      return requests.length / (blocksOf(requests, 1)?.length ?? NaN);
    };
    expect(lengthOf(normals(4, 1000).map((z) => 200 + 20 * z))).toBe(10);
    expect(lengthOf(autocorrelated(normals(4, 1000), 0.95).map((z) => 200 + 20 * z))).toBeGreaterThan(30);
    expect(lengthOf(Array.from({ length: 1000 }, (_, i) => 100 + i))).toBe(100);
    expect(lengthOf(Array<number>(1000).fill(100))).toBe(10);
  });

  it('hold each request once, in order of sending', () => {
    const sent = (blocksOf(requests(107), 9) ?? []).flat().map(({ sentMs }) => sentMs);
    expect(sent).toEqual(Array.from({ length: 107 }, (_, i) => i + 1));
  });
});

// 97.5 % points of Student's t with 9 and 99 degrees of freedom: 2.26216 and 1.98422; normal distribution function of -2.38453
// and -1.99422.
it('widens levels for few blocks', () => {
  expect(expandedLevels(10)[0]).toBeCloseTo(0.8551, 2);
  expect(expandedLevels(100)[0]).toBeCloseTo(2.3064, 2);
  expect(expandedLevels(1e6)[0]).toBeCloseTo(2.5, 4);
  expect(expandedLevels(10)[1]).toBeCloseTo(100 - 0.8551, 2);
});
