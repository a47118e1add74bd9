import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concurrency } from '../../src/metrics/builtin/concurrency.js';
import {
  concurrencyOf,
  concurrencySeries,
  meanConcurrency,
  peakConcurrency,
} from '../../src/metrics/concurrency.js';
import { failed, request, runOf } from './run.js';

const spans = (...pairs: readonly (readonly [number, number | undefined])[]) =>
  pairs.map(([sentMs, doneMs]) => request({ sentMs, doneMs }));

describe('requests in flight over time', () => {
  it('is a series of steps', () => {
    expect(concurrencyOf(spans([0, 10], [2, 6], [6, 10]))).toEqual([
      { atMs: 0, inFlight: 1 },
      { atMs: 2, inFlight: 2 },
      { atMs: 6, inFlight: 2 },
      { atMs: 10, inFlight: 0 },
    ]);
  });

  it('counts failures while they last, and nothing that was not sent', () => {
    expect(concurrencyOf([failed({ sentMs: 1, doneMs: 3 }), failed()])).toEqual([
      { atMs: 1, inFlight: 1 },
      { atMs: 3, inFlight: 0 },
    ]);
    expect(concurrencyOf(spans([1, undefined]))).toEqual([{ atMs: 1, inFlight: 1 }]);
  });

  it('is averaged by how long each level lasts', () => {
    const steps = concurrencyOf(spans([0, 10], [2, 6]));
    expect(meanConcurrency(steps, { startMs: 0, endMs: 10 })).toBe(1.4);
    expect(meanConcurrency(steps, { startMs: 4, endMs: 8 })).toBe(1.5);
    expect(meanConcurrency(steps, { startMs: 8, endMs: 20 })).toBeCloseTo(1 / 6, 12);
    expect(meanConcurrency(steps, { startMs: 8, endMs: 8 })).toBeUndefined();
  });

  it('is averaged over equal parts of a span', () => {
    const steps = concurrencyOf(spans([0, 10], [2, 6]));
    expect(concurrencySeries(steps, { startMs: 0, endMs: 12 }, 3)).toEqual({
      startMs: 0,
      partMs: 4,
      inFlight: [1.5, 1.5, 0.5],
    });
    expect(concurrencySeries(steps, { startMs: 5, endMs: 5 }, 3)).toBeUndefined();
  });

  it('has the peak and the area of all requests', () => {
    const request = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 30 }), (pairs) => {
        const requests = spans(...pairs.map(([sent, length]) => [sent, sent + length] as const));
        const steps = concurrencyOf(requests);
        const area = pairs.reduce((sum, [, length]) => sum + length, 0);
        const inFlightAt = (t: number) =>
          pairs.filter(([sent, length]) => sent <= t && t < sent + length).length;
        expect(peakConcurrency(steps)).toBe(Math.max(...pairs.map(([sent]) => inFlightAt(sent))));
        expect(meanConcurrency(steps, { startMs: 0, endMs: 100 })).toBeCloseTo(area / 100, 9);
        expect(steps.at(-1)?.inFlight).toBe(0);
      }),
    );
  });
});

it('gives mean and peak of a run', () => {
  const run = runOf(spans([0, 1000], [500, 2000]));
  expect(concurrency.compute(run)).toEqual({ mean_concurrency: 1.25, peak_concurrency: 2 });
  expect(concurrency.compute(runOf([failed()]))).toEqual({});
});
