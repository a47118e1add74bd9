import { given } from '../json.js';
import type { AnswerComparison } from './answers.js';
import { judgePoint, type PointJudgement } from './compare-points.js';
import { judgeCurves, type CurveJudgement } from './compare-curves.js';
import type { Conclusion, Verdict } from './judge.js';
import { last, matchSides, type Match, type Unmatched } from './matches.js';
import type { Measurement } from './measurements.js';
import type { ComparedMetric } from './compared-metrics.js';
import type { NodeEffect } from './noise-model.js';
import { learn, repeatsOf, stallRates, type MetricNoise, type StallRate } from './repeats.js';
import { secondRunOf, type SecondRun } from './second-run.js';
import { isPlace, settingsThatDiffer, type SettingDifference } from './settings.js';

export const COMPARISON_SCHEMA = 'sweepline.compare/1';

/** How one side of a comparison differs from the other. */
export interface Comparison extends Required<Conclusion> {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly a: string;
  readonly b: string;
  /** What measured b again. */
  readonly confirmedBy?: string;
  /** Where that ran. */
  readonly secondRun?: SecondRun;
  readonly noise: readonly NoiseBasis[];
  /** Of the store: how often measurements in the hardware and framework of these points have stalled. */
  readonly stalls: readonly StallRate[];
  readonly curves: readonly CurveJudgement[];
  readonly points: readonly PointComparison[];
  /** What both sides answered to the same questions; missing where they were asked none. */
  readonly answers?: readonly AnswerComparison[];
  readonly unmatched: readonly Unmatched[];
}

/** What is known of a metric's noise. */
export interface NoiseBasis {
  readonly metric: string;
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** The change that matters, as a share. */
  readonly effect: number;
  /** Pairs of measurements of the same, in different runs. */
  readonly repeats: number;
  /** Kinds of hardware and framework that they are from. */
  readonly cells: number;
  readonly runs: number;
  readonly nodes: number;
  /** Missing where nothing says how much nodes differ. */
  readonly nodeEffect?: NodeEffect;
}

/** A point that both sides have. */
export interface PointComparison {
  readonly name: string;
  readonly series: string;
  readonly curve: string;
  readonly a: readonly MeasuredIn[];
  readonly b: readonly MeasuredIn[];
  /** Settings that are not the same: image, versions, arguments, seed. The newest measurements are compared. */
  readonly changed: readonly SettingDifference[];
  /** Where they were measured, if not in the same place. */
  readonly moved: readonly SettingDifference[];
  readonly metrics: readonly PointJudgement[];
}

export interface MeasuredIn {
  readonly run: string;
  readonly point: string;
  readonly marks: readonly string[];
}

export interface ComparedSides {
  readonly a: { readonly name: string; readonly measurements: readonly Measurement[] };
  readonly b: ComparedSides['a'];
  readonly confirmedBy?: ComparedSides['a'];
}

/**
 * Compares two sides.
 * @param known all measurements of the store, the oldest first: what noise is learnt from
 */
export async function compareSides(
  { a, b, confirmedBy }: ComparedSides,
  metrics: readonly ComparedMetric[],
  known: readonly Measurement[],
): Promise<Comparison> {
  const { matches, unmatched } = matchSides(a.measurements, b.measurements);
  const apart = new Set([...b.measurements, ...(confirmedBy?.measurements ?? [])]);
  const noises = new Map(metrics.map((metric) => [metric, learn(repeatsOf(known, metric, apart))]));
  const noiseOf = (metric: ComparedMetric): MetricNoise => noises.get(metric)!;
  const again = confirmedBy === undefined ? undefined : matchSides(a.measurements, confirmedBy.measurements);
  const curves = judgeCurves(matches, { metrics, noiseOf, again: again?.matches });
  const points: PointComparison[] = [];
  for (const match of matches) points.push(await comparePoint(match, metrics, noiseOf));
  const used = new Set(points.flatMap((point) => point.metrics.map(({ metric }) => metric)));
  return {
    ...{ schema: COMPARISON_SCHEMA, a: a.name, b: b.name },
    ...(confirmedBy === undefined ? {} : { confirmedBy: confirmedBy.name }),
    ...(again === undefined ? {} : { secondRun: secondRunOf(matches, again) }),
    noise: metrics.filter(({ key }) => used.has(key)).map((metric) => basisOf(metric, noiseOf(metric))),
    stalls: stallRates(known, new Set(matches.map(({ a: side }) => last(side).cell))),
    ...overall(curves, unmatched),
    curves,
    points,
    unmatched,
  };
}

async function comparePoint(
  match: Match,
  metrics: readonly ComparedMetric[],
  noiseOf: (metric: ComparedMetric) => MetricNoise,
): Promise<PointComparison> {
  const differences = await settingsThatDiffer(last(match.a), last(match.b));
  const judged = metrics.flatMap((metric) => judgePoint(match, metric, noiseOf(metric)) ?? []);
  return {
    ...{ name: match.name, series: match.series, curve: last(match.a).curveName },
    ...{ a: match.a.map(measuredIn), b: match.b.map(measuredIn) },
    changed: differences.filter((difference) => !isPlace(difference)),
    moved: differences.filter(isPlace),
    metrics: judged,
  };
}

function measuredIn({ run, point, marks }: Measurement): MeasuredIn {
  return { run, point, marks };
}

function basisOf({ key, label, better, effect }: ComparedMetric, noise: MetricNoise): NoiseBasis {
  const { points, runs, nodes } = noise;
  return {
    ...{ metric: key, label, better, effect, runs, nodes },
    ...{ repeats: points?.repeats ?? 0, cells: points?.cells ?? 0 },
    ...given({ nodeEffect: points?.nodes }),
  };
}

function nothingCompared(unmatched: readonly Unmatched[]): string {
  return unmatched.some(({ hasFailed }) => hasFailed)
    ? 'no point has a valid result on both sides'
    : 'the sides have no point in common';
}

/** Of all curves, by the metrics that decide. Worse comes first: what has become worse is not made up for elsewhere. */
function overall(all: readonly CurveJudgement[], unmatched: readonly Unmatched[]): Required<Conclusion> {
  const curves = all.filter(({ decides }) => decides);
  const count = (verdict: Verdict): number => curves.filter((curve) => curve.verdict === verdict).length;
  const of = (n: number): string => `${n} of ${curves.length} judgements of curves`;
  const failed = unmatched.filter(({ side, hasFailed }) => side === 'b' && hasFailed).length;
  if (curves.length === 0) return { verdict: 'unsure', reason: nothingCompared(unmatched) };
  if (count('worse') > 0) return { verdict: 'worse', reason: `worse: ${of(count('worse'))}` };
  if (failed > 0) return { verdict: 'unsure', reason: `${failed} points of b have no valid result` };
  const pending = curves.filter(({ needsSecondRun }) => needsSecondRun === true).length;
  if (pending > 0) return { verdict: 'unsure', reason: `a second run decides ${of(pending)}` };
  if (2 * count('unsure') > curves.length)
    return { verdict: 'unsure', reason: `nothing can be said: ${of(count('unsure'))}` };
  if (count('better') > 0) return { verdict: 'better', reason: `better: ${of(count('better'))}` };
  return { verdict: 'same', reason: `the same: ${of(count('same'))}` };
}
