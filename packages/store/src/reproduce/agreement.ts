import { logarithms, type Noise, type Values } from './noise.js';

/** Metrics that are compared, by their keys: how much is done, and how long a user waits. Others follow from the same records. */
export const COMPARED = [
  'total_token_throughput',
  'median_ttft_ms',
  'median_tpot_ms',
  'median_e2el_ms',
] as const;

/** A comparison that only sees larger differences (natural logarithm of 1.25) says nothing. */
const BLIND = Math.log(1.25);

export type Verdict = 'agrees' | 'differs' | "can't say";

/** A metric of the original and of the runs after it. */
export interface MetricAgreement {
  readonly metric: string;
  readonly original: number;
  /** Geometric mean. */
  readonly again: number;
  /** `again` / `original` − 1. */
  readonly difference: number;
  /** The smallest difference that would have been beyond noise, as a share; missing if the noise isn't known. */
  readonly smallest?: number;
  readonly verdict: Verdict;
}

export interface Agreement {
  readonly verdict: Verdict;
  readonly metrics: readonly MetricAgreement[];
  /** What the noise rests on. */
  readonly basis: string;
  /** What would decide, if it can't be said. */
  readonly decider?: string;
}

/** Whether runs of a point agree with an original run of it. */
export function agreementOf(
  original: Readonly<Record<string, number>>,
  again: Values,
  noise: Noise,
): Agreement {
  const metrics = COMPARED.flatMap((metric) => {
    const [value, logs] = [original[metric], logarithms(again[metric] ?? [])];
    if (value === undefined || value <= 0 || logs.length === 0) return [];
    return [compared(metric, value, logs, noise.halfWidth(metric))];
  });
  const verdict = together(metrics.map((one) => one.verdict));
  const { basis } = noise;
  if (verdict !== "can't say") return { verdict, metrics, basis };
  return { verdict, metrics, basis, decider: deciderFor(metrics) };
}

function compared(
  metric: string,
  original: number,
  logs: readonly number[],
  halfWidth: number | undefined,
): MetricAgreement {
  const again = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  const values = { metric, original, again, difference: again / original - 1 };
  if (halfWidth === undefined) return { ...values, verdict: "can't say" };
  const isBeyond = Math.abs(Math.log(again / original)) > halfWidth;
  const agreeing = halfWidth > BLIND ? "can't say" : 'agrees';
  return { ...values, smallest: Math.expm1(halfWidth), verdict: isBeyond ? 'differs' : agreeing };
}

function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('differs')) return 'differs';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'agrees') ? 'agrees' : "can't say";
}

function deciderFor(metrics: readonly MetricAgreement[]): string {
  if (metrics.length === 0) return 'results that have a metric in common';
  return metrics.some(({ smallest }) => smallest === undefined)
    ? 'several runs, which show how much one differs from another: --repeat 3'
    : 'more runs, which show smaller differences: a higher --repeat';
}
