/**
 * An option of `sweepline bench`, as data: its key gives its name (`rampFrom` is --ramp-from). Parsers throw an Error that says
 * what is expected.
 */
export interface Flag {
  /** Its argument, as shown in the help: `<tokens>`. Absent for a switch, which is true or not given. */
  readonly takes?: string;
  readonly help: string;
  readonly parse?: (text: string) => unknown;
  /** Its default value, and how the help shows it; undefined if there is none. */
  readonly default?: unknown;
  readonly defaultText?: string;
  /** Refused if another pattern or kind is chosen; other options then have no effect. */
  readonly only?: true;
  /** Key of another option that can't be given together with it. */
  readonly conflicts?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The values of flags, by their keys. */
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** Unknown flags may have any value. */
type ValueOf<F extends Flag> = Flag extends F
  ? unknown
  : F extends { readonly parse: (text: string) => infer T }
    ? F extends { readonly default: unknown }
      ? T
      : T | undefined
    : true | undefined;

/** `rampFrom` is `--ramp-from`. */
export function flagName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Most tokens of a text: more than any model reads, and no more than memory can hold. */
export const MOST_TOKENS = 2 ** 24;

/** Most requests of a run: they are made before it starts and must fit in memory. */
export const MOST_REQUESTS = 2 ** 24;

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error('expected a positive whole number');
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error('expected a whole number, 0 or more');
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new Error('expected a number above 0');
  return value;
}

export function tokens(text: string): number {
  return atMost(MOST_TOKENS, positiveInteger(text));
}

export function atMost(most: number, value: number): number {
  if (value <= most) return value;
  throw new Error(`expected ${most} at most`);
}
