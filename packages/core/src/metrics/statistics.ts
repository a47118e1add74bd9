import { known } from './known.js';

export { mcnemar } from './mcnemar.js';
export { wilson } from './wilson.js';

/** Statistics with NumPy's defaults. For empty input they are undefined, never 0 or NaN. */

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}

export function mean(values: ArrayLike<number>): number | undefined {
  return values.length === 0 ? undefined : sum(values) / values.length;
}

/** Standard deviation of the population (divides by n, `numpy.std`). */
export function std(values: ArrayLike<number>): number | undefined {
  const center = mean(values);
  if (center === undefined) return undefined;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] ?? 0) - center) ** 2;
  return Math.sqrt(squares / values.length);
}

/** `p` in [0, 100]; linear between the two nearest ranks (`numpy.percentile`). */
export function percentile(values: ArrayLike<number>, p: number): number | undefined {
  return percentileOfSorted(new Float64Array(values).sort(), p);
}

/** Percentiles by name, such as `p90`, with a single sort; empty for empty input. */
export function percentilesOf(values: ArrayLike<number>, levels: readonly number[]): Record<string, number> {
  const sorted = new Float64Array(values).sort();
  return known(Object.fromEntries(levels.map((p) => [`p${p}`, percentileOfSorted(sorted, p)])));
}

export function median(values: ArrayLike<number>): number | undefined {
  return percentile(values, 50);
}

/** The statistics of benchmark_serving.py's raw result by their key prefix, with a single sort. */
export function summarize(values: ArrayLike<number>): Readonly<Record<Statistic, number | undefined>> {
  const sorted = new Float64Array(values).sort();
  return {
    mean: mean(values),
    median: percentileOfSorted(sorted, 50),
    std: std(values),
    p90: percentileOfSorted(sorted, 90),
    p99: percentileOfSorted(sorted, 99),
    'p99.9': percentileOfSorted(sorted, 99.9),
  };
}

export const STATISTICS = ['mean', 'median', 'std', 'p90', 'p99', 'p99.9'] as const;
export type Statistic = (typeof STATISTICS)[number];

function percentileOfSorted(sorted: ArrayLike<number>, p: number): number | undefined {
  const rank = (p / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) return undefined;
  const share = rank - Math.floor(rank);
  // Interpolates from the nearer end, as NumPy does, so that even the last bit agrees.
  return share < 0.5 ? below + (above - below) * share : above - (above - below) * (1 - share);
}
