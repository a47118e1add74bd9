import type { PartPoint, Result } from '@sweepline/core';

/** A result of a point. */
export interface Measured {
  /** Name of its part; undefined if the joined run has it already. */
  readonly part?: string;
  readonly point?: PartPoint;
  readonly result: Result;
}

/**
 * The result of a point that several jobs measured: a completed one before a failed one, a valid one before an invalid one, one that was begun
 * before one that was not, and else the later.
 */
export function chooseOf(measured: readonly [Measured, ...Measured[]]): Measured {
  // Of equal ones the first, which may be there already.
  return measured.reduce((best, one) => (isBetter(one.result, best.result) ? one : best));
}

function isBetter(one: Result, other: Result): boolean {
  const [a, b] = [rankOf(one), rankOf(other)];
  return a === b ? timeOf(one) > timeOf(other) : a > b;
}

/** The better, the later. */
const UNFINISHED: readonly Result['state'][] = ['skipped', 'interrupted', 'rejected', 'failed'];

function rankOf(result: Result): number {
  if (result.state !== 'completed') return UNFINISHED.indexOf(result.state);
  const isInvalid = result.marks.some(({ severity }) => severity === 'invalid');
  return UNFINISHED.length + (isInvalid ? 0 : 1);
}

/** ISO 8601 in UTC sorts as text; the session distinguishes what ended in the same millisecond. */
function timeOf({ finishedAt, startedAt, provenance }: Result): string {
  return `${finishedAt} ${startedAt} ${provenance.session ?? ''}`;
}

/** Whether they are one measurement, which was found twice. */
export function isSame(one: Result, other: Result): boolean {
  return one.state === other.state && timeOf(one) === timeOf(other);
}
