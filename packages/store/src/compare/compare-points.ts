import { judge, type Judgement } from './judge.js';
import { last, sidesOf, valueOf, type Match } from './matches.js';
import type { ComparedMetric } from './compared-metrics.js';
import type { MetricNoise } from './repeats.js';

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
