import type { Json } from '../json.js';
import { isMissing } from './row-reading.js';

/** Where a row has what isn't a measured number: readers don't touch what is in an object. */
export const NESTED = 'sweepline';

/**
 * Values of a row apart from those that say what was measured. The dashboard stores everything there that it can read as a number:
 * `"2026-04-03"` becomes 2026, `true` 1 and `[]` 0. Such values move to an object, with a note. What is null is left out.
 */
export function exportedValues(values: Json, notes: string[]): Json {
  const kept: [string, unknown][] = [];
  const nested: [string, unknown][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (isMissing(value) || key === NESTED) continue;
    (isReadAsNumber(value) ? nested : kept).push([key, value]);
  }
  const object = values[NESTED];
  const before = isObject(object) ? Object.entries(object) : isMissing(object) ? [] : [[NESTED, object]];
  if (nested.length > 0)
    notes.push(
      `${nested.map(([key]) => key).join(', ')} moved to \`${NESTED}\`, as readers take it for a number`,
    );
  const all = [...before, ...nested];
  return {
    ...Object.fromEntries(kept),
    ...(all.length > 0 && { [NESTED]: Object.fromEntries(all) as Json }),
  };
}

/** Whether something that is no number is read as one: text by its beginning, and what JavaScript's `Number` makes one. */
function isReadAsNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (isObject(value)) return false;
  return !Number.isNaN(typeof value === 'string' ? Number.parseFloat(value) : Number(value));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
