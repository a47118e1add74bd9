import { median } from '@sweepline/core/statistics';
import type { ComparedMetric } from './compared-metrics.js';
import type { Measurement } from './measurements.js';
import { grouped } from '../grouped.js';
import { given } from '../json.js';
import { learnNoise, type NoiseModel, type Repeat } from './noise-model.js';
import { hasStalled } from './stalls.js';

/** Fewer points don't make a curve. */
export const FEWEST_OF_CURVE = 3;

/** What repeats say of a metric. */
export interface MetricNoise {
  /** Of a point; undefined if there are not enough repeats. */
  readonly points: NoiseModel | undefined;
  /** Of a point of which one run has stalled. */
  readonly stalledPoints: NoiseModel | undefined;
  /** Of a curve: the median of its points' differences. */
  readonly curves: NoiseModel | undefined;
  readonly runs: number;
  readonly nodes: number;
}

/** Two measurements of a point. */
export interface PointRepeat extends Repeat {
  readonly a: Measurement;
  readonly b: Measurement;
  readonly isStalled: boolean;
}

/**
 * Valid measurements of the same with the same software, where there are several: in different runs, or several times in one.
 * @param measurements the oldest first
 * @param apart differences between one of these and another are what is to be judged, and are left out
 */
export function sameMeasured(
  measurements: readonly Measurement[],
  apart: ReadonlySet<Measurement> = new Set(),
): readonly (readonly Measurement[])[] {
  const groups = grouped(
    measurements.filter(({ isValid }) => isValid),
    (one) => `${one.series}\u0000${apart.has(one)}\u0000${one.software}`,
  );
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Differences of a metric between one measurement of a group and the next. */
export function repeatsIn(
  groups: readonly (readonly Measurement[])[],
  metric: ComparedMetric,
): readonly PointRepeat[] {
  return groups.flatMap((all) => {
    const group = all.filter(({ metrics }) => metrics[metric.key] !== undefined);
    return group.slice(1).map((b, index) => {
      const a = group[index]!;
      const isStalled = metric.movedByStalls && (hasStalled(a) || hasStalled(b));
      return {
        a,
        b,
        cell: a.cell,
        difference: Math.log(b.metrics[metric.key]! / a.metrics[metric.key]!),
        ...given({ isSameNode: isSameNode(a, b) }),
        isStalled,
      };
    });
  });
}

/** Differences of a metric between measurements of the same: see sameMeasured. */
export function repeatsOf(
  measurements: readonly Measurement[],
  metric: ComparedMetric,
  apart: ReadonlySet<Measurement> = new Set(),
): readonly PointRepeat[] {
  return repeatsIn(sameMeasured(measurements, apart), metric);
}

/** Undefined where nodes are not on record. */
function isSameNode(a: Measurement, b: Measurement): boolean | undefined {
  return a.node === undefined || b.node === undefined ? undefined : a.node === b.node;
}

/** Differences of curves: medians over the points that two runs have in common. */
export function curveRepeatsOf(
  points: readonly PointRepeat[],
): readonly (Repeat & { readonly points: readonly PointRepeat[] })[] {
  const steady = points.filter(({ isStalled }) => !isStalled);
  return [
    ...grouped(steady, ({ a, b }) =>
      JSON.stringify([a.curve, a.software, a.run, a.repeat, b.run, b.repeat]),
    ).values(),
  ]
    .filter((ofCurve) => ofCurve.length >= FEWEST_OF_CURVE)
    .map((ofCurve) => ({
      points: ofCurve,
      cell: ofCurve[0]!.cell,
      difference: median(ofCurve.map(({ difference }) => difference)) ?? 0,
      ...given({
        isSameNode: ofCurve.some((point) => point.isSameNode === undefined)
          ? undefined
          : ofCurve.every((point) => point.isSameNode),
      }),
    }));
}

export function learn(repeats: readonly PointRepeat[]): MetricNoise {
  const measurements = repeats.flatMap(({ a, b }) => [a, b]);
  return {
    points: learnNoise(repeats.filter(({ isStalled }) => !isStalled)),
    stalledPoints: learnNoise(repeats.filter(({ isStalled }) => isStalled)),
    curves: learnNoise(curveRepeatsOf(repeats)),
    runs: new Set(measurements.map(({ run }) => run)).size,
    nodes: new Set(measurements.map(({ node }) => node).filter((node) => node !== undefined)).size,
  };
}

/** How often measurements in some hardware and framework have stalled. */
export interface StallRate {
  readonly cell: string;
  readonly stalled: number;
  readonly all: number;
}

/** Only of cells that have stalls. */
export function stallRates(
  measurements: readonly Measurement[],
  cells: ReadonlySet<string>,
): readonly StallRate[] {
  const ofCells = measurements.filter(({ cell, state }) => state === 'completed' && cells.has(cell));
  return [...grouped(ofCells, ({ cell }) => cell)]
    .map(([cell, all]) => ({ cell, stalled: all.filter(hasStalled).length, all: all.length }))
    .filter(({ stalled }) => stalled > 0);
}
