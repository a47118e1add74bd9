import type { Cell, Column } from './tables.js';

/** Of a column of whole numbers. */
const MOST_INTEGER = 2 ** 31 - 1;

/** A cell as a column of this type has it: what doesn't fit is missing, and times are ISO 8601. */
export function fitting(type: Column['type'], cell: Cell): string | number | boolean | undefined {
  switch (type) {
    case 'text':
      return cell === undefined ? undefined : String(cell);
    case 'flag':
      return typeof cell === 'boolean' ? cell : undefined;
    case 'time': {
      const ms = msOf(cell);
      return ms === undefined ? undefined : new Date(ms).toISOString();
    }
    case 'integer':
      return isInteger(cell) ? cell : undefined;
    default:
      return typeof cell === 'number' && Number.isFinite(cell) ? cell : undefined;
  }
}

/** Milliseconds since 1970 of a time. */
export function msOf(cell: Cell): number | undefined {
  const ms = typeof cell === 'string' ? Date.parse(cell) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

export function isInteger(cell: Cell): cell is number {
  return Number.isInteger(cell) && Math.abs(Number(cell)) <= MOST_INTEGER;
}
