import type { TableData } from '../site/table.js';
import { flagAt, rowsOf, textAt } from './cells.js';

/** How a point ended. `invalid`: it has numbers, and a mark that says not to compare them. */
export const OUTCOMES = ['valid', 'invalid', 'failed', 'interrupted', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export function outcomeOf(points: TableData, row: number): Outcome {
  const state = textAt(points, 'state', row);
  if (state === 'failed' || state === 'interrupted') return state;
  const isValid = flagAt(points, 'is_valid', row);
  if (isValid === false) return 'invalid';
  return state === 'completed' || isValid === true ? 'valid' : 'unknown';
}

/** Of all points, by run. */
export function outcomesByRun(points: TableData): ReadonlyMap<string, OutcomeCounts> {
  const counts = new Map<string, Record<Outcome, number>>();
  for (const row of rowsOf(points)) {
    const run = textAt(points, 'run', row) ?? '';
    const of = counts.get(run) ?? { valid: 0, invalid: 0, failed: 0, interrupted: 0, unknown: 0 };
    counts.set(run, of);
    of[outcomeOf(points, row)] += 1;
  }
  return counts;
}
