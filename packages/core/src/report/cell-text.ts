import type { Row } from '../results/schema.js';

/** A row's value as text; a router's name and version as JSON. */
export function cellText(row: Row, key: string, missing = ''): string {
  const value = row[key];
  if (value === undefined) return missing;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
