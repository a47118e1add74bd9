import type { TableData } from '../site/table.js';
import { numberAt, rowsOf, textAt } from './cells.js';
import type { PointNumbers, Quantity } from './quantities.js';

/** How far a number may be off from run to run. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** `repeats` of the point, or a `noise-model` of points like it. */
  readonly basis: string;
  readonly runs: number | undefined;
  readonly level: number | undefined;
}

/** Intervals of metrics, by row and metric. */
export type MetricIntervals = ReadonlyMap<number, ReadonlyMap<string, Interval>>;

export function metricIntervals(between: TableData): MetricIntervals {
  const all = new Map<number, Map<string, Interval>>();
  for (const index of rowsOf(between)) {
    const [row, metric] = [numberAt(between, 'row', index), textAt(between, 'metric', index)];
    const [low, high] = [numberAt(between, 'low', index), numberAt(between, 'high', index)];
    if (row === undefined || metric === undefined || low === undefined || high === undefined) continue;
    const ofRow = all.get(row) ?? new Map<string, Interval>();
    all.set(row, ofRow);
    ofRow.set(metric, {
      low,
      high,
      basis: textAt(between, 'basis', index) ?? 'unknown',
      runs: numberAt(between, 'runs', index),
      level: numberAt(between, 'level', index),
    });
  }
  return all;
}

/** The interval of a quantity that is made of one metric which has one: what the quantity is at both of its ends. */
export function intervalOf(
  quantity: Quantity,
  point: PointNumbers,
  ofMetrics: ReadonlyMap<string, Interval> | undefined,
): Interval | undefined {
  if (ofMetrics === undefined) return undefined;
  const own = quantity.of(point);
  for (const key of quantity.metrics) {
    const interval = ofMetrics.get(key);
    if (interval === undefined) continue;
    const at = (value: number): number | undefined =>
      quantity.of({ ...point, metric: (name) => (name === key ? value : point.metric(name)) });
    const ends = [at(interval.low), at(interval.high)];
    if (ends[0] === undefined || ends[1] === undefined) continue;
    if (ends[0] === ends[1] && interval.low !== interval.high && ends[0] === own) continue;
    return { ...interval, low: Math.min(ends[0], ends[1]), high: Math.max(ends[0], ends[1]) };
  }
  return undefined;
}
