import { SweeplineError } from '../errors.js';

/** Readers of a row's values: each returns the value, or throws RESULT_INVALID with the key. */

export function text(key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(key, value === undefined ? 'is missing' : `is not text: ${JSON.stringify(value)}`);
}

/** Accepts numbers, and text that is a number: raw results of other tools have both. */
export function number(key: string, value: unknown): number {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof parsed === 'number' && Number.isFinite(parsed)) return parsed;
  throw invalid(key, value === undefined ? 'is missing' : `is not a number: ${JSON.stringify(value)}`);
}

export function integer(key: string, value: unknown): number {
  if (Number.isInteger(value)) return value as number;
  throw invalid(key, value === undefined ? 'is missing' : `is not an integer: ${JSON.stringify(value)}`);
}

export function positive(key: string, value: unknown): number {
  const whole = integer(key, value);
  if (whole > 0) return whole;
  throw invalid(key, `must be greater than 0: ${whole}`);
}

export function invalid(key: string, problem: string): SweeplineError {
  return new SweeplineError('RESULT_INVALID', `this result can't be converted to a row: ${key}: ${problem}`, {
    where: { key },
  });
}
