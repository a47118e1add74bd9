import { median } from '@sweepline/core/statistics';
import { effectOf, judge, POWER, powerOf, unchanged, worse, type Judgement } from './judge.js';
import { last, sidesOf, valueOf, type Match } from './matches.js';
import type { ComparedMetric } from './compared-metrics.js';
import type { Noise, Sides } from './noise.js';
import { FEWEST_OF_CURVE, type MetricNoise } from './repeats.js';
import { grouped } from '../grouped.js';

/** How the points of a curve differ as a whole: by the median of their differences. */
export interface CurveJudgement extends Judgement {
  readonly curve: string;
  /** Points that count. */
  readonly points: number;
  /** Whether the verdict on the run rests on it. */
  readonly decides: boolean;
  /** Points that don't count, as a stall decides them. */
  readonly stalled: number;
  /** Whether it has changed, unless a second run shows that it has not. */
  readonly needsSecondRun?: boolean;
}

/** What is judged of a curve, before it is known how many are. */
interface CurveTest {
  readonly curve: string;
  readonly metric: ComparedMetric;
  readonly noise: Noise | undefined;
  readonly points: number;
  readonly stalled: number;
  /** ln(b/a). */
  readonly difference: number;
  /** The same of the run that confirms it, which may have been on another node. */
  readonly again: { readonly difference: number; readonly noise: Noise | undefined } | undefined;
}

/** Probability that a run of which nothing has changed is called worse, all its curves and metrics together; and as much for better. */
export const FALSE_RUNS = 0.05;

export interface CurvesOptions {
  readonly metrics: readonly ComparedMetric[];
  readonly noiseOf: (metric: ComparedMetric) => MetricNoise;
  /** The same points of a run that measures b again. */
  readonly again: readonly Match[] | undefined;
}

/**
 * Judges curves. With m judgements a curve counts as changed if its difference is beyond the noise's quantile for 5 %/m (Bonferroni). Where
 * b was measured again, both have to be beyond that for √(5 %/m), and both beyond the threshold of the effect that matters.
 */
export function judgeCurves(matches: readonly Match[], options: CurvesOptions): readonly CurveJudgement[] {
  const tests = options.metrics.flatMap((metric) => testsOf(matches, metric, options));
  const deciding = tests.filter(({ metric }) => metric.decides).length;
  return tests.map((test) => judgeCurve(test, test.metric.decides ? deciding : tests.length - deciding));
}

function testsOf(
  matches: readonly Match[],
  metric: ComparedMetric,
  { noiseOf, again }: CurvesOptions,
): readonly CurveTest[] {
  const bySeries = new Map(again?.map((match) => [match.series, match]));
  return [...grouped(matches, (match) => last(match.a).curve).values()].flatMap((points): CurveTest[] => {
    const differences = differencesOf(points, metric);
    const difference = median(differences.steady);
    if (difference === undefined) return [];
    const second = differencesOf(
      points.flatMap(({ series }) => bySeries.get(series) ?? []),
      metric,
    );
    const again = median(second.steady);
    const { cell } = last(points[0]!.a);
    const noise = noiseOf(metric);
    const model =
      differences.steady.length >= FEWEST_OF_CURVE ? (noise.curves ?? noise.points) : noise.points;
    const againOf = (of: number) => ({
      difference: of,
      noise: model?.noiseOf(cell, leastOf(second.sides)),
    });
    return [
      {
        ...{
          curve: last(points[0]!.a).curveName,
          metric,
          noise: model?.noiseOf(cell, leastOf(differences.sides)),
          difference,
        },
        ...{ points: differences.steady.length, stalled: differences.stalled },
        again: again === undefined ? undefined : againOf(again),
      },
    ];
  });
}

interface Differences {
  readonly steady: readonly number[];
  readonly stalled: number;
  /** Of each of the steady ones. */
  readonly sides: readonly Required<Sides>[];
}

function differencesOf(matches: readonly Match[], metric: ComparedMetric): Differences {
  const steady: number[] = [];
  let stalled = 0;
  const sides: Required<Sides>[] = [];
  for (const match of matches) {
    const [a, b] = [valueOf(match.a, metric), valueOf(match.b, metric)];
    if (a === undefined || b === undefined) continue;
    if (a.isStalled || b.isStalled) stalled += 1;
    else {
      steady.push(Math.log(b.value / a.value));
      sides.push(sidesOf(a, b));
    }
  }
  return { steady, stalled, sides };
}

/** Fewest runs and nodes of a point, on either side. A curve is on the same node if each of its points is. */
function leastOf(sides: readonly Required<Sides>[]): Sides {
  const least = (key: 'runs' | 'nodes'): readonly [number, number] => [
    Math.min(...sides.map((each) => each[key][0])),
    Math.min(...sides.map((each) => each[key][1])),
  ];
  return {
    ...{ runs: least('runs'), nodes: least('nodes') },
    isSameNode: sides.every(({ isSameNode }) => isSameNode),
  };
}

function judgeCurve(test: CurveTest, tests: number): CurveJudgement {
  const { curve, metric, noise, points, stalled, difference, again } = test;
  const alone = { curve, points, stalled, decides: metric.decides, ...judge(difference, metric, noise) };
  if (noise === undefined) return alone;
  if (stalled > points) return { ...alone, verdict: 'unsure', reason: 'the server stalled in most points' };
  const share = FALSE_RUNS / tests;
  const limits = limitsOf(noise, metric, share);
  const noiseAgain = again?.noise ?? noise;
  const { twice: twiceAgain } = limitsOf(noiseAgain, metric, share);
  const falseAlarm =
    again === undefined
      ? 1 - noise.cumulative(limits.once)
      : (1 - noise.cumulative(limits.twice)) * (1 - noiseAgain.cumulative(twiceAgain));
  return {
    ...alone,
    detectable: worse(limits.detectable, metric),
    falseAlarms: 2 * falseAlarm,
    ...conclusion(test, { ...limits, twiceAgain }),
  };
}

interface Limits {
  /** A difference beyond it counts by itself. */
  readonly once: number;
  /** Two differences beyond it count. */
  readonly twice: number;
  /** What is beyond `twice` in 80 of 100 cases. */
  readonly detectable: number;
}

function limitsOf(noise: Noise, metric: ComparedMetric, share: number): Limits {
  const { threshold } = powerOf(noise, effectOf(metric));
  const twice = Math.max(threshold, noise.quantile(1 - Math.sqrt(share)));
  return {
    once: Math.max(threshold, noise.quantile(1 - share)),
    twice,
    detectable: twice + noise.quantile(POWER),
  };
}

function conclusion(
  { metric, difference, again }: CurveTest,
  { once, twice, twiceAgain, detectable }: Limits & { readonly twiceAgain: number },
): Pick<CurveJudgement, 'verdict' | 'reason' | 'needsSecondRun'> {
  const changed = difference > 0 === (metric.better === 'higher') ? 'better' : 'worse';
  const size = Math.abs(difference);
  if (size < twice) return unchanged(detectable, effectOf(metric));
  if (again === undefined)
    return size >= once
      ? { verdict: changed }
      : { verdict: 'unsure', reason: `perhaps ${changed}: a second run decides`, needsSecondRun: true };
  return Math.abs(again.difference) >= twiceAgain && again.difference > 0 === difference > 0
    ? { verdict: changed }
    : { verdict: 'same', reason: `${changed} at first, and not in the second run` };
}
