import { isAbsolute, resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Workspace } from '../config/load.js';
import { EXIT } from '../errors.js';

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a positive whole number');
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('expected a whole number, 0 or more');
  return value;
}

export function ratio(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('expected a number from 0 to 1');
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('expected a number above 0');
  return value;
}

/** Requests a second, or `inf`. */
export function rate(text: string): number {
  return text === 'inf' ? Infinity : positive(text);
}

/** A whole number in decimal digits, as the original takes it; negative ones, too. */
export function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

export function allowInvalidOption(): Option {
  return new Option(
    '--allow-invalid',
    `exit code 0 although a result is invalid, instead of ${EXIT.resultInvalid}`,
  );
}

/** A path that a workspace's config gives. */
export function inWorkspace({ root }: Workspace, path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}
