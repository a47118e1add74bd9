import type { TableData } from '../site/table.js';
import { flagAt, rowsOf, textAt } from './cells.js';

/** States of points without numbers, as the store has them. */
const WITHOUT_NUMBERS = ['failed', 'rejected', 'skipped', 'interrupted'] as const;
/** How a point ended. `invalid`: it has numbers, and a mark that says not to compare them. */
export const OUTCOMES = ['valid', 'invalid', ...WITHOUT_NUMBERS, 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export function outcomeOf(points: TableData, row: number): Outcome {
  const state = textAt(points, 'state', row);
  const without = WITHOUT_NUMBERS.find((one) => one === state);
  if (without !== undefined) return without;
  const isValid = flagAt(points, 'is_valid', row);
  if (isValid === false) return 'invalid';
  return state === 'completed' || isValid === true ? 'valid' : 'unknown';
}

export function countsOf(outcomes: readonly Outcome[]): Record<Outcome, number> {
  const counts = { valid: 0, invalid: 0, failed: 0, rejected: 0, skipped: 0, interrupted: 0, unknown: 0 };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

/** Of all points, by run. */
export function outcomesByRun(points: TableData): ReadonlyMap<string, OutcomeCounts> {
  const counts = new Map<string, Record<Outcome, number>>();
  for (const row of rowsOf(points)) {
    const run = textAt(points, 'run', row) ?? '';
    const of = counts.get(run) ?? countsOf([]);
    counts.set(run, of);
    of[outcomeOf(points, row)] += 1;
  }
  return counts;
}
