import type { Json } from '../json.js';
import type { SourceRow } from './rows.js';
import { IDENTITY_KEYS } from './tables.js';

/** Names of columns: names that differ in case alone are one name in SQL, and those of the table are its own. */
export class ColumnNames {
  readonly #taken = new Set<string>();
  /** Columns of numbers that rows have by their own keys. */
  readonly #numbers = new Set<string>();

  /** @param own names of the table's own columns */
  constructor(own: Iterable<string>) {
    for (const name of own) this.#taken.add(name.toLowerCase());
  }

  /** A column of numbers that there is already. */
  know(name: string): void {
    this.#taken.add(name.toLowerCase());
    this.#numbers.add(name);
  }

  hasNumbers(name: string): boolean {
    return this.#numbers.has(name);
  }

  /** The column of a key of numbers, which there is from then on. */
  columnOf(key: string): string {
    if (this.#numbers.has(key)) return key;
    if (this.#taken.has(key.toLowerCase())) return this.columnOf(`metric_${key}`);
    this.know(key);
    return key;
  }
}

/** The number of a key, of the last object that has one. */
export function numberIn(objects: readonly Json[] | undefined, key: string): number | undefined {
  for (let index = (objects?.length ?? 0) - 1; index >= 0; index -= 1) {
    const value = objects?.[index]?.[key];
    if (isNumber(value)) return value;
  }
  return undefined;
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** What may be the name of a column. */
const NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** Keys of numbers that are not part of a row's identity. */
export function keysOf(rows: readonly Pick<SourceRow, 'numbers'>[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { numbers = [] } of rows)
    for (const object of numbers)
      for (const key in object)
        if (isNumber(object[key]) && !IDENTITY_KEYS.has(key) && NAME.test(key)) keys.add(key);
  return keys;
}
