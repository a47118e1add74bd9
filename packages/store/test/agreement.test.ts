import { describe, expect, it } from 'vitest';
import { agreementOf } from '../src/reproduce/agreement.js';
import { noiseOf } from '../src/reproduce/noise.js';

const METRICS = ['total_token_throughput', 'median_ttft_ms', 'median_tpot_ms', 'median_e2el_ms'];
const all = (...values: readonly number[]) => Object.fromEntries(METRICS.map((metric) => [metric, values]));
const original = Object.fromEntries(METRICS.map((metric) => [metric, 100]));

function judged(again: readonly number[], others: readonly number[] = []) {
  const values = all(...again);
  return agreementOf(
    original,
    values,
    noiseOf({ again: values, others: all(...others), comparisons: METRICS.length }),
  );
}

describe('a point that was run again', () => {
  it('agrees within noise, with the smallest difference that would have been seen', () => {
    const { verdict, metrics } = judged([101], [99, 100, 101, 100, 99, 101]);
    expect(verdict).toBe('agrees');
    // t(0.9875, 5) = 3.810, the deviation of logarithms 0.00895, times √2.
    expect(metrics[0]).toMatchObject({ original: 100, verdict: 'agrees' });
    expect(metrics[0]!.difference).toBeCloseTo(0.01);
    expect(metrics[0]!.smallest).toBeCloseTo(Math.expm1(3.81 * 0.00895 * Math.SQRT2), 3);
  });

  it('differs beyond noise, even if only one metric does', () => {
    const values = { ...all(101), median_ttft_ms: [120] };
    const noise = noiseOf({ again: values, others: all(99, 100, 101, 100, 99, 101), comparisons: 4 });
    const { verdict, metrics } = agreementOf(original, values, noise);
    expect(verdict).toBe('differs');
    expect(metrics.map((one) => one.verdict)).toEqual(['agrees', 'differs', 'agrees', 'agrees']);
    expect(metrics[1]!.difference).toBeCloseTo(0.2);
  });

  it('can not be judged by one run against one', () => {
    expect(judged([150])).toMatchObject({
      verdict: "can't say",
      decider: expect.stringContaining('--repeat 3') as string,
    });
    expect(judged([150], [100])).toMatchObject({ verdict: "can't say" });
  });

  it('can not be judged where only a large difference could be seen', () => {
    expect(judged([100], [70, 100, 140])).toMatchObject({
      verdict: "can't say",
      decider: expect.stringContaining('higher --repeat') as string,
    });
  });

  it('is judged by its own repeats, and better by more of them', () => {
    const few = judged([99, 100, 101]);
    const many = judged([99, 100, 101, 99, 100, 101]);
    expect([few.verdict, many.verdict]).toEqual(['agrees', 'agrees']);
    expect(many.metrics[0]!.smallest!).toBeLessThan(few.metrics[0]!.smallest!);
  });

  it('has no verdict without a metric in common', () => {
    expect(agreementOf({}, {}, noiseOf({ again: {}, others: {}, comparisons: 4 }))).toMatchObject({
      verdict: "can't say",
      metrics: [],
    });
  });

  it('finds noise alone to differ in at most one case of twenty', () => {
    // Park and Miller's generator: the same numbers each time.
    let state = 1;
    const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const run = () => Object.fromEntries(METRICS.map((metric) => [metric, 100 * Math.exp(0.02 * normal())]));
    const values = (count: number) => {
      const runs = Array.from({ length: count }, run);
      return Object.fromEntries(METRICS.map((metric) => [metric, runs.map((one) => one[metric]!)]));
    };
    const trials = 2000;
    let differing = 0;
    for (let trial = 0; trial < trials; trial++) {
      const again = values(3);
      const noise = noiseOf({ again, others: values(3), comparisons: 4 });
      if (agreementOf(run(), again, noise).verdict === 'differs') differing += 1;
    }
    expect(differing / trials).toBeGreaterThan(0.03);
    expect(differing / trials).toBeLessThan(0.065);
  });
});
