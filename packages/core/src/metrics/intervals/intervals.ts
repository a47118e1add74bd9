import type { RunRecord } from '../../load/records/record.js';
import type { Metrics } from '../compute.js';
import {
  storedResamplingOf,
  type Ends,
  type NoResampling,
  type Resampling,
  type ResamplingFacts,
} from './resampling.js';

/** A run's intervals by resampling, and how they were found. */
export type Intervals = ResamplingFacts & { readonly values: Ends };

/** What an interval by resampling covers, as metrics say it. */
export function coversText({ facts: { level, covers, caution } }: Resampling): string {
  return [`${100 * level} %: ${covers}`, caution ?? []].flat().join('; ');
}

/** Of the intervals that metrics gave for a run, those by resampling; or why there are none. */
export function intervalsOf(run: RunRecord, given: Metrics['intervals']): Intervals | NoResampling {
  const resampling = storedResamplingOf(run);
  if ('reason' in resampling) return resampling;
  const own = coversText(resampling);
  const values = Object.entries(given).flatMap(([key, { low, high, covers }]) =>
    covers === own ? [[key, [low, high]] as const] : [],
  );
  return { ...resampling.facts, values: Object.fromEntries(values) };
}
