import type { JS } from '@duckdb/node-api';

/** A value of a query, as JSON has it: times in ISO 8601, and whole numbers as numbers as far as they are exact. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export function toJson(value: JS): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJson);
  if (Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, toJson(of)]));
  // Dates, intervals, decimals and the like: DuckDB's own text.
  return (value as { toString(): string }).toString();
}

/** As it stands in a cell; empty if it is missing. */
export function textOf(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
