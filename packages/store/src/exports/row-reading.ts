import type { Json } from '../json.js';

/** Reads the members of a row for readers that guess where it says nothing, and collects why they would read it wrong. */
export class RowReading {
  readonly reasons: string[] = [];
  readonly notes: string[] = [];

  constructor(readonly row: Json) {}

  /** Empty, with a reason, if it is missing. */
  text(key: string): string {
    const value = this.row[key];
    if (typeof value === 'string' && value !== '') return value;
    const isEmpty = isMissing(value) || value === '';
    this.reasons.push(isEmpty ? `it has no ${key}` : `${key} is not text: ${JSON.stringify(value)}`);
    return '';
  }

  /** A name that the dashboard knows. */
  known(key: string, nameOf: (text: string) => string | undefined): string {
    const value = this.text(key);
    if (value !== '' && nameOf(value) === undefined)
      this.reasons.push(`the dashboard knows no ${key} ${value}`);
    return value;
  }

  /** A whole number, or text that is one. */
  count(key: string, { least = 1, most = Number.MAX_SAFE_INTEGER } = {}): number {
    const value = this.row[key];
    const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most)
      return number;
    this.reasons.push(
      isMissing(value)
        ? `it has no ${key}`
        : `${key} is no whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}: ${JSON.stringify(value)}`,
    );
    return NaN;
  }

  /** Readers take every other spelling of true for false. */
  flag(key: string): boolean {
    const value = this.row[key];
    if (value === true || value === 'true' || value === 'True') return true;
    if (value === false || value === 'false' || value === 'False') return false;
    this.reasons.push(
      isMissing(value)
        ? `it has no ${key}, which is read as false`
        : `${key} is read as false: ${JSON.stringify(value)}`,
    );
    return false;
  }
}

export function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}
