import { describe, expect, it } from 'vitest';
import { powerOf } from '../src/compare/judge.js';
import { learnNoise, type Repeat } from '../src/compare/noise-model.js';
import { Noise, spreadOfMedian } from '../src/compare/noise.js';
import { cumulative, incompleteBeta, logDensity, logGamma } from '../src/compare/student-t.js';

/** Park and Miller's generator: the same values each time, in (0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** A value of Student's t, as a normal one over the root of a mean of squares. */
function drawnT(random: () => number, degrees: number): number {
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const squares = Array.from({ length: degrees }, normal).reduce((sum, value) => sum + value ** 2, 0);
  return normal() / Math.sqrt(squares / degrees);
}

const known = (scale: number, degrees: number) =>
  new Noise([{ scale, weight: 1 }], degrees, { runs: [1, 1] });

describe("Student's t", () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [10, 2.22814],
    [30, 2.04227],
  ])('with %d degrees has 97.5 % up to %d', (degrees, quantile) => {
    expect(cumulative(quantile, degrees)).toBeCloseTo(0.975, 6);
    expect(cumulative(-quantile, degrees)).toBeCloseTo(0.025, 6);
  });

  it('has a density that is the slope of its probability', () => {
    for (const x of [-3, -0.5, 0, 1, 20])
      expect(Math.exp(logDensity(x, 1.5))).toBeCloseTo(
        (cumulative(x + 1e-5, 1.5) - cumulative(x - 1e-5, 1.5)) / 2e-5,
        6,
      );
  });

  it('has the functions that it is made of', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 10);
    expect(incompleteBeta(2, 3, 0.4)).toBeCloseTo(0.5248, 10);
    expect([incompleteBeta(2, 3, 0), incompleteBeta(2, 3, 1)]).toEqual([0, 1]);
  });
});

describe('noise of medians over runs', () => {
  it.each([
    [2, 2],
    [2, 4],
    [3, 2],
    [4, 3],
    [5, 2],
    [3, 8],
  ])('of %d runs with %d degrees is as drawn values have it', (n, degrees) => {
    const random = generator(7);
    const middle = (values: number[]) => {
      values.sort((a, b) => a - b);
      return (values[Math.floor((n - 1) / 2)]! + values[Math.ceil((n - 1) / 2)]!) / 2;
    };
    const sizes = Array.from({ length: 10_000 }, () =>
      Math.abs(middle(Array.from({ length: n }, () => drawnT(random, degrees)))),
    ).sort((a, b) => a - b);
    const single = known(1, degrees).quantile(0.975);

    expect(spreadOfMedian(n, degrees) / (sizes[9_500]! / single)).toBeGreaterThan(0.93);
    // More is on the safe side.
    expect(spreadOfMedian(n, degrees) / (sizes[9_500]! / single)).toBeLessThan(1.45);
  });

  it('is smaller the more runs there are, on either side', () => {
    const of = (runs: [number, number]) =>
      new Noise([{ scale: 0.01, weight: 1 }], 3, { runs }).quantile(0.975);

    expect(of([3, 1])).toBeCloseTo(of([1, 3]), 12);
    expect(of([3, 1])).toBeLessThan(of([1, 1]));
    expect(of([3, 3])).toBeLessThan(of([3, 1]));
  });
});

describe('noise that is learnt', () => {
  const repeats = (cell: string, count: number, scale: number, seed: number): Repeat[] => {
    const random = generator(seed);
    return Array.from({ length: count }, () => ({ cell, difference: scale * drawnT(random, 4) }));
  };
  const halfWidth = (all: Repeat[], cell: string) => learnNoise(all)!.noiseOf(cell).quantile(0.975);
  const many = [
    ...repeats('quiet', 200, 0.002, 1),
    ...repeats('noisy', 200, 0.03, 2),
    ...repeats('usual', 200, 0.008, 3),
  ];

  it('is that of the cell where it has many repeats', () => {
    const t4 = 2.776;
    expect(halfWidth(many, 'quiet')).toBeGreaterThan(0.8 * 0.002 * t4);
    expect(halfWidth(many, 'quiet')).toBeLessThan(1.3 * 0.002 * t4);
    expect(halfWidth(many, 'noisy')).toBeGreaterThan(0.8 * 0.03 * t4);
    expect(halfWidth(many, 'noisy')).toBeLessThan(1.3 * 0.03 * t4);
  });

  it('is wide where a cell has no repeats, and narrows with the first ones', () => {
    const unknown = halfWidth(many, 'new');
    const few = halfWidth([...many, ...repeats('new', 4, 0.002, 5)], 'new');

    expect(unknown).toBeGreaterThan(halfWidth(many, 'usual'));
    expect(few).toBeLessThan(unknown);
    expect(few).toBeGreaterThan(halfWidth(many, 'quiet'));
  });

  it('does not become narrow by repeats that are the same to the last digit', () => {
    const equal = Array.from({ length: 50 }, () => ({ cell: 'exact', difference: 0 }));
    expect(halfWidth([...many, ...equal], 'exact')).toBeGreaterThan(0.0003);
  });

  it('does not become wide by one outlier', () => {
    expect(halfWidth([...many, { cell: 'quiet', difference: 0.5 }], 'quiet')).toBeLessThan(
      1.5 * halfWidth(many, 'quiet'),
    );
  });

  it('is not learnt from less than eight repeats', () => {
    expect(learnNoise(repeats('quiet', 7, 0.01, 1))).toBeUndefined();
    expect(learnNoise(repeats('quiet', 8, 0.01, 1))).toBeDefined();
  });
});

describe('what can be detected', () => {
  const effect = -Math.log1p(-0.05);

  it('is stated so that 80 of 100 such changes are found', () => {
    for (const scale of [0.001, 0.005, 0.01, 0.03, 0.1]) {
      const noise = known(scale, 3);
      const { threshold, detectable, falseAlarms } = powerOf(noise, effect);
      const random = generator(11);
      const drawn = Array.from({ length: 20_000 }, () => scale * drawnT(random, 3));
      const found = drawn.filter((value) => value - detectable <= -threshold).length / drawn.length;
      const alarms = drawn.filter((value) => Math.abs(value) >= threshold).length / drawn.length;

      expect(found).toBeGreaterThan(0.78);
      expect(found).toBeLessThan(0.82);
      expect(Math.abs(alarms - falseAlarms)).toBeLessThan(0.01);
    }
  });

  it('is between half of the effect and the effect where noise is small, and beyond noise where it is large', () => {
    expect(powerOf(known(0.001, 3), effect).threshold).toBeGreaterThan(effect / 2);
    expect(powerOf(known(0.01, 3), effect).threshold).toBeLessThanOrEqual(effect);
    const large = known(0.2, 3);
    expect(powerOf(large, effect).threshold).toBe(large.quantile(0.975));
  });
});
