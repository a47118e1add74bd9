import type { Concurrencies } from '../config/model.js';

/** Bounds on concurrency; omitted ones don't limit. */
export interface ConcurrencyBounds {
  readonly minConc?: number;
  readonly maxConc?: number;
}

/** `start`, `start × step`, … and always `end` itself as the last. */
export function range(start: number, end: number, step: number): readonly number[] {
  const values: number[] = [];
  for (let conc = start; conc < end; conc *= step) values.push(conc);
  return start > end ? [] : [...values, end];
}

/** All concurrencies of a search space. A list is used as it is written. */
export function concurrencies(space: Concurrencies, step: number): readonly number[] {
  const list = space['conc-list'];
  if (list !== undefined && list.length > 0) return list;
  return range(space['conc-start'] ?? 1, space['conc-end'] ?? 0, step);
}

/**
 * A range within bounds: the range's start is raised to `minConc`, even off its grid; if it begins above `maxConc`, only
 * `maxConc` is left. Bounds that are not positive leave nothing.
 */
export function boundedRange(
  space: Concurrencies,
  step: number,
  bounds: ConcurrencyBounds,
): readonly number[] {
  const { minConc, maxConc } = bounds;
  if (!arePositive(bounds)) return [];
  const end = space['conc-end'] ?? 0;
  if (minConc !== undefined && end < minConc) return [];
  const start = Math.max(space['conc-start'] ?? 1, minConc ?? 0);
  if (maxConc === undefined) return range(start, end, step);
  return start > maxConc ? [maxConc] : range(start, Math.min(end, maxConc), step);
}

/**
 * A list within bounds: `minConc` removes values; if no value is left below `maxConc`, `maxConc` itself is used. Bounds that are
 * not positive leave nothing.
 */
export function boundedList(all: readonly number[], bounds: ConcurrencyBounds): readonly number[] {
  const { minConc, maxConc } = bounds;
  if (minConc !== undefined && minConc <= 0) return [];
  const high = minConc === undefined ? all : all.filter((conc) => conc >= minConc);
  if (maxConc === undefined || high.length === 0) return high;
  const kept = high.filter((conc) => conc <= maxConc);
  if (kept.length > 0) return kept;
  return maxConc > 0 ? [maxConc] : [];
}

/** Only the values within bounds. */
export function strictlyBounded(
  all: readonly number[],
  { minConc, maxConc }: ConcurrencyBounds,
): readonly number[] {
  return all.filter((conc) => conc >= (minConc ?? -Infinity) && conc <= (maxConc ?? Infinity));
}

function arePositive({ minConc, maxConc }: ConcurrencyBounds): boolean {
  return (minConc ?? 1) > 0 && (maxConc ?? 1) > 0;
}
