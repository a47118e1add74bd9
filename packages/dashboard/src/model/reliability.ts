import type { TableData } from '../site/table.js';
import { numberAt, rowsOf, textAt } from './cells.js';
import { countsOf, outcomeOf, type Outcome } from './outcomes.js';

/** How a point of Sweepline's ended. */
export interface Ending {
  readonly sku: string;
  /** `2026-12-02`, if it is known. */
  readonly day: string | undefined;
  readonly outcome: Outcome;
  readonly layer: string | undefined;
  readonly code: string | undefined;
}

/** Points that Sweepline measured. Imported results are those that succeeded alone, so they say nothing about success. */
export function endingsOf(points: TableData): readonly Ending[] {
  return rowsOf(points)
    .filter((row) => textAt(points, 'origin', row) === 'sweepline')
    .map((row) => ({
      sku: textAt(points, 'sku', row) ?? textAt(points, 'hw', row) ?? 'not known',
      day: (textAt(points, 'started_at', row) ?? textAt(points, 'finished_at', row))?.slice(0, 10),
      outcome: outcomeOf(points, row),
      layer: textAt(points, 'layer', row),
      code: textAt(points, 'error_code', row),
    }));
}

/** `attempted` is all that ran to an end of their own: what was interrupted, refused before it began or left out is neither a success nor a failure. */
export interface SkuEndings extends Readonly<Record<Outcome, number>> {
  readonly sku: string;
  readonly attempted: number;
  readonly succeeded: number;
}

export function endingsBySku(endings: readonly Ending[]): readonly SkuEndings[] {
  return [...groupedBy(endings, ({ sku }) => sku)].map(([sku, of]) => {
    const counts = countsOf(of.map(({ outcome }) => outcome));
    const succeeded = counts.valid + counts.invalid;
    return { sku, ...counts, succeeded, attempted: succeeded + counts.failed };
  });
}

export interface LayerFailures {
  readonly layer: string;
  readonly sku: string;
  readonly code: string;
  readonly failed: number;
}

/** Failures by what failed. */
export function failuresByLayer(endings: readonly Ending[]): readonly LayerFailures[] {
  const failed = endings.filter(({ outcome }) => outcome === 'failed');
  const groups = groupedBy(failed, ({ layer, sku, code }) => JSON.stringify([layer, sku, code]));
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const { layer = 'no layer: plan or workspace', sku, code = 'not known' } = first;
    return [{ layer, sku, code, failed: of.length }];
  });
}

/** Attempted and succeeded in a span of days that begins at `day`, in days since 1970. */
export interface DayCounts {
  readonly day: number;
  readonly attempted: number;
  readonly succeeded: number;
}

/** What was attempted on a day: jobs of imported runs, or a point. */
export interface Attempts {
  readonly sku: string;
  readonly day: string | undefined;
  readonly attempted: number;
  readonly succeeded: number;
}

/** Rows that have both numbers: neither is made up from the other. */
export function jobAttempts(success: TableData): readonly Attempts[] {
  return rowsOf(success).flatMap((row) => {
    const [succeeded, attempted] = [numberAt(success, 'n_success', row), numberAt(success, 'total', row)];
    if (succeeded === undefined || attempted === undefined) return [];
    const sku = textAt(success, 'sku', row) ?? 'not known';
    return [{ sku, day: textAt(success, 'date', row)?.slice(0, 10), attempted, succeeded }];
  });
}

export interface SkuJobs {
  readonly sku: string;
  readonly attempted: number;
  readonly succeeded: number;
}

export function jobsBySku(attempts: readonly Attempts[]): readonly SkuJobs[] {
  return [...groupedBy(attempts, ({ sku }) => sku)].map(([sku, of]) => ({ sku, ...summed(of) }));
}

/** As `SkuEndings` counts them. */
export function pointAttempts(endings: readonly Ending[]): readonly Attempts[] {
  return endings
    .filter(({ outcome }) => ['valid', 'invalid', 'failed'].includes(outcome))
    .map(({ sku, day, outcome }) => ({ sku, day, attempted: 1, succeeded: outcome === 'failed' ? 0 : 1 }));
}

export const DAYS_PER_SPAN = 7;
const MS_PER_DAY = 86_400_000;
/** 1970-01-05, in days since 1970. */
const FIRST_MONDAY = 4;

/** By weeks, the first one first; what has no day is in none. */
export function attemptsOverTime(attempts: readonly Attempts[]): readonly DayCounts[] {
  const weeks = groupedBy(
    attempts.filter(({ day }) => day !== undefined && !Number.isNaN(Date.parse(day))),
    ({ day = '' }) => Math.floor((Date.parse(day) / MS_PER_DAY - FIRST_MONDAY) / DAYS_PER_SPAN),
  );
  return [...weeks]
    .map(([week, of]) => ({ day: FIRST_MONDAY + week * DAYS_PER_SPAN, ...summed(of) }))
    .filter(({ attempted }) => attempted > 0)
    .sort((a, b) => a.day - b.day);
}

/** `2026-12-02` of days since 1970. */
export function dayText(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

function summed(counts: readonly Omit<Attempts, 'sku' | 'day'>[]): {
  readonly attempted: number;
  readonly succeeded: number;
} {
  return {
    attempted: counts.reduce((sum, { attempted }) => sum + attempted, 0),
    succeeded: counts.reduce((sum, { succeeded }) => sum + succeeded, 0),
  };
}

function groupedBy<T, K>(all: readonly T[], keyOf: (one: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
