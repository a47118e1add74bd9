import { expect, it } from 'vitest';
import { betweenRuns, levelOfRange } from '../../src/metrics/between-runs.js';

it('is the median and the range of several runs, and nothing of one', () => {
  expect(betweenRuns([30, 10, 20])).toEqual({ median: 20, low: 10, high: 30 });
  expect(betweenRuns([10, 40, 20, 30])).toEqual({ median: 25, low: 10, high: 40 });
  expect([betweenRuns([10]), betweenRuns([])]).toEqual([undefined, undefined]);
});

it('the range has the level of the sign test: 1 - 2^(1 - n)', () => {
  expect([2, 3, 5, 6].map(levelOfRange)).toEqual([0.5, 0.75, 0.9375, 0.96875]);
});

it('the range covers the median as often as its level says', () => {
  // All orders of above and below for four runs: only those on one side of the median miss it.
  const sides = Array.from({ length: 16 }, (_, bits) =>
    [1, 2, 4, 8].map((bit) => ((bits & bit) > 0 ? 1 : -1)),
  );
  const covered = sides.filter((values) => {
    const { low, high } = betweenRuns(values)!;
    return low <= 0 && high >= 0;
  });
  expect(covered.length / 16).toBe(levelOfRange(4));
});
