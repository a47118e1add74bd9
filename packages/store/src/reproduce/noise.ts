import { Noise as NoiseOfOne } from '../compare/noise.js';

/** How much a metric of one point differs between runs, for one comparison. */
export interface Noise {
  /** Natural logarithm of the smallest ratio that is beyond noise; undefined if the noise isn't known. */
  halfWidth(metric: string): number | undefined;
  /** What it rests on. */
  readonly basis: string;
}

/** Values of a metric in runs of one group; the same is measured in each. */
export type Values = Readonly<Record<string, readonly number[]>>;

export interface NoiseOptions {
  /** The runs that are compared with the original. */
  readonly again: Values;
  /** Other runs of the same series. */
  readonly others: Values;
  /** Comparisons that are made, which together have to be right. */
  readonly comparisons: number;
}

/** Share of cases in which none of the comparisons finds a difference that isn't there. */
const CONFIDENCE = 0.95;

/**
 * Noise of one original run against the geometric mean of `again`: by Student's t on logarithms, with the spread of both groups pooled,
 * as if the original had the same spread. Bonferroni's correction for several comparisons.
 */
export function noiseOf({ again, others, comparisons }: NoiseOptions): Noise {
  const level = 1 - (1 - CONFIDENCE) / comparisons;
  const counts = [again, others].map((values) =>
    Math.max(0, ...Object.values(values).map(({ length }) => length)),
  );
  return {
    basis: `runs again: ${counts[0] ?? 0}, other runs of the series on that node: ${counts[1] ?? 0}`,
    halfWidth(metric) {
      const groups = [again[metric] ?? [], others[metric] ?? []].map(logarithms);
      const degrees = groups.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0);
      const runs = again[metric]?.length ?? 0;
      if (degrees === 0 || runs === 0) return undefined;
      const sd = Math.sqrt(groups.reduce((sum, group) => sum + squaresOf(group), 0) / degrees);
      const t = new NoiseOfOne([{ scale: sd, weight: 1 }], degrees, { runs: [1, 1] });
      return t.quantile((1 + level) / 2) * Math.sqrt(1 + 1 / runs);
    },
  };
}

export function logarithms(values: readonly number[]): number[] {
  return values.filter((value) => value > 0).map(Math.log);
}

/** Sum of squared differences from the mean. */
function squaresOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
