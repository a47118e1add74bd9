import type { Json } from './json.js';

/** A place where two JSON values differ. */
export interface Difference {
  /** Such as `processes[0].argv[3]`. */
  readonly where: string;
  readonly original: unknown;
  readonly here: unknown;
}

/** Where two JSON values differ, down to the smallest part. */
export function differencesOf(original: unknown, here: unknown, where = ''): readonly Difference[] {
  if (isObject(original) && isObject(here)) {
    const keys = [...new Set([...Object.keys(original), ...Object.keys(here)])];
    return keys.flatMap((key) =>
      differencesOf(original[key], here[key], where === '' ? key : `${where}.${key}`),
    );
  }
  if (Array.isArray(original) && Array.isArray(here) && original.length === here.length)
    return original.flatMap((value, index) =>
      differencesOf(value, (here as unknown[])[index], `${where}[${index}]`),
    );
  return JSON.stringify(original) === JSON.stringify(here) ? [] : [{ where, original, here }];
}

export function differenceText({ where, original, here }: Difference): string {
  return `${where}: ${shown(original)} in the bundle, ${shown(here)} here`;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
