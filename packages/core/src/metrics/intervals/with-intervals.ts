import type { RunRecord } from '../../load/records/record.js';
import type { Estimate } from '../../plugin/metric.js';
import { storedIntervalsOf } from './intervals.js';

/** A metric's numbers, each with its interval if it has one. */
export function withIntervals(
  run: RunRecord,
  values: Readonly<Record<string, number>>,
): Readonly<Record<string, number | Estimate>> {
  const intervals = storedIntervalsOf(run);
  if ('reason' in intervals) return values;
  const { level, covers: within, caution } = intervals;
  const covers = [`${100 * level} %: ${within}`, caution ?? []].flat().join('; ');
  return Object.fromEntries(
    Object.entries(values).map(([key, value]): [string, number | Estimate] => {
      const ends = intervals.values[key];
      if (ends === undefined) return [key, value];
      return [key, { value, low: ends[0], high: ends[1], covers }];
    }),
  );
}
