import type { RunRecord } from '../../load/records/record.js';
import type { Estimate } from '../../plugin/metric.js';
import { coversText } from './intervals.js';
import { storedResamplingOf, type EstimatorsOf } from './resampling.js';

/** A metric's numbers, each with its interval if it has one. */
export function withIntervals(
  run: RunRecord,
  values: Readonly<Record<string, number>>,
  estimatorsOf: EstimatorsOf,
): Readonly<Record<string, number | Estimate>> {
  const resampling = storedResamplingOf(run);
  if ('reason' in resampling) return values;
  const covers = coversText(resampling);
  const found = resampling.endsOf(estimatorsOf);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]): [string, number | Estimate] => {
      const ends = found[key];
      if (ends === undefined) return [key, value];
      return [key, { value, low: ends[0], high: ends[1], covers }];
    }),
  );
}
