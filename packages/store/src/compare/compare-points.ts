import { conclude, powerOf, type Conclusion, type Power } from './judge.js';
import { last, sidesOf, valueOf, type Match } from './matches.js';
import type { ComparedMetric } from './metrics.js';
import type { MetricNoise } from './repeats.js';
import type { Noise } from './noise.js';

/** How a metric of a point, or of a curve, differs. Shares: 0.05 is 5 %. */
export interface Judgement extends Conclusion {
  readonly metric: string;
  /** b/a − 1. */
  readonly change: number;
  /** What the noise leaves open: 95 % of repeats differ by as much from what is true. Missing where too few repeats are known. */
  readonly interval?: readonly [low: number, high: number];
  /** The least change for the worse that would have been found in 80 of 100 cases. */
  readonly detectable?: number;
  /** Probability of a verdict other than `same` although nothing has changed. */
  readonly falseAlarms?: number;
}

export interface PointJudgement extends Judgement {
  readonly a: number;
  readonly b: number;
  readonly runs: readonly [a: number, b: number];
  readonly isStalled: boolean;
}

/** @returns undefined where a side lacks the metric */
export function judgePoint(
  match: Match,
  metric: ComparedMetric,
  noise: MetricNoise,
): PointJudgement | undefined {
  const [a, b] = [valueOf(match.a, metric), valueOf(match.b, metric)];
  if (a === undefined || b === undefined) return undefined;
  const isStalled = a.isStalled || b.isStalled;
  const sides = sidesOf(a, b);
  const model = isStalled ? noise.stalledPoints : noise.points;
  const judgement = judge(Math.log(b.value / a.value), metric, model?.noiseOf(last(match.a).cell, sides));
  return {
    ...judgement,
    ...(isStalled ? STALLED : {}),
    ...{ a: a.value, b: b.value, runs: sides.runs, isStalled },
  };
}

/** With a stall in half of the runs of a side, or more, what is compared is the stall. */
const STALLED = { verdict: 'unsure', reason: 'the server stalled' } as const;

/** @param difference ln(b/a) */
export function judge(difference: number, metric: ComparedMetric, noise: Noise | undefined): Judgement {
  const change = Math.expm1(difference);
  if (noise === undefined)
    return { metric: metric.key, change, verdict: 'unsure', reason: 'too few repeats are known' };
  const effect = effectOf(metric);
  const power = powerOf(noise, effect);
  return {
    ...{ metric: metric.key, change, interval: intervalOf(difference, power) },
    ...{ detectable: worse(power.detectable, metric), falseAlarms: power.falseAlarms },
    ...conclude(difference, power, { better: metric.better, effect }),
  };
}

/** The effect for the worse, as ln without a sign. */
export function effectOf({ effect, better }: ComparedMetric): number {
  return better === 'higher' ? -Math.log1p(-effect) : Math.log1p(effect);
}

/** A change for the worse, as a share with its sign. */
export function worse(change: number, { better }: ComparedMetric): number {
  return Math.expm1(better === 'higher' ? -change : change);
}

function intervalOf(difference: number, { halfWidth }: Power): readonly [number, number] {
  return [Math.expm1(difference - halfWidth), Math.expm1(difference + halfWidth)];
}
