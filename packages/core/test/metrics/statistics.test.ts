import { expect, it } from 'vitest';
import { mean, median, percentile, std, sum, summarize } from '../../src/metrics/statistics.js';

it('has no statistics of nothing', () => {
  expect([mean([]), median([]), std([]), percentile([], 99)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(Object.values(summarize([]))).toEqual(Array(6).fill(undefined));
});

it('gives mean, median and the deviation of the population', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  expect(sum(values)).toBe(40);
  expect(mean(values)).toBe(5);
  expect(std(values)).toBe(2);
  expect(median(values)).toBe(4.5);
  expect(median([3, 1, 2])).toBe(2);
});

it.each([
  [0, 10],
  [25, 17.5],
  [50, 25],
  [90, 37],
  [99, 39.7],
  [100, 40],
])('interpolates percentile %d linearly', (p, expected) => {
  expect(percentile([40, 10, 30, 20], p)).toBeCloseTo(expected, 12);
});

// Recorded from numpy.percentile: the last bit depends on which end interpolation starts from.
it('agrees with NumPy to the last bit', () => {
  const values = [0.1, 0.7, 0.2, 1.3, 5.9, 2.4, 3.3];
  expect([50, 90, 99, 99.9].map((p) => percentile(values, p))).toEqual([
    1.3, 4.340000000000001, 5.743999999999999, 5.884400000000002,
  ]);
});

it('leaves its input alone and takes typed arrays', () => {
  const values = Float64Array.of(3, 1, 2);
  expect(summarize(values)).toMatchObject({ mean: 2, median: 2, p90: 2.8 });
  expect([...values]).toEqual([3, 1, 2]);
});

it('stands a million samples', () => {
  const values = Array.from({ length: 1_000_001 }, (_, i) => i);
  expect(summarize(values)).toMatchObject({ mean: 500_000, median: 500_000, p99: 990_000 });
});
