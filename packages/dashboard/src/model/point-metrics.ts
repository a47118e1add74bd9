import type { PointDetail, SiteMetric } from '../site/site-data.js';
import type { TableData } from '../site/table.js';
import { numberAt, rowsOf, textAt } from './cells.js';

export interface BetweenRuns {
  readonly low: number;
  readonly high: number;
  readonly runs: number | undefined;
  /** `repeats`, or `noise-model`: what other repeats of this hardware and framework vary by. */
  readonly basis: string | undefined;
  /** 0.95. */
  readonly level: number | undefined;
}

/** A number of a point, with what it may be off by. */
export interface PointMetric extends SiteMetric {
  readonly value: number;
  readonly within: PointDetail['intervals'][string] | undefined;
  readonly between: BetweenRuns | undefined;
}

/** Those that the point has, in the order of the site. */
export function pointMetrics(
  metrics: readonly SiteMetric[],
  detail: PointDetail,
  between: ReadonlyMap<string, BetweenRuns>,
): readonly PointMetric[] {
  const values = new Map(Object.entries(detail.metrics));
  const intervals = new Map(Object.entries(detail.intervals));
  return metrics.flatMap((metric) => {
    const value = values.get(metric.key);
    if (value === undefined) return [];
    return [{ ...metric, value, within: intervals.get(metric.key), between: between.get(metric.key) }];
  });
}

/** Intervals between runs of one point, by metric. */
export function betweenRuns(table: TableData, row: number): ReadonlyMap<string, BetweenRuns> {
  const intervals = new Map<string, BetweenRuns>();
  for (const index of rowsOf(table)) {
    if (numberAt(table, 'row', index) !== row) continue;
    const [metric, low, high] = [
      textAt(table, 'metric', index),
      numberAt(table, 'low', index),
      numberAt(table, 'high', index),
    ];
    if (metric === undefined || low === undefined || high === undefined) continue;
    intervals.set(metric, {
      low,
      high,
      runs: numberAt(table, 'runs', index),
      basis: textAt(table, 'basis', index),
      level: numberAt(table, 'level', index),
    });
  }
  return intervals;
}
