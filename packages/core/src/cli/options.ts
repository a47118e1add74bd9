import { isAbsolute, resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Workspace } from '../config/load.js';
import { EXIT, messageOf } from '../errors.js';
import * as flags from '../load/spec/flags.js';

/** Turns a parser of values into one for an option: what it throws becomes the option's error. */
export function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (thrown) {
      throw new InvalidArgumentError(messageOf(thrown));
    }
  };
}

export const positiveInteger = argument(flags.positiveInteger);
export const wholeNumber = argument(flags.wholeNumber);
export const positiveNumber = argument(flags.positive);

export function ratio(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('expected a number from 0 to 1');
  return value;
}

/** Requests per second, or `inf`. */
export function rate(text: string): number {
  return text === 'inf' ? Infinity : positiveNumber(text);
}

/** A whole number in decimal digits, as the original takes it; negative ones also. */
export function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

export function allowInvalidOption(): Option {
  return new Option(
    '--allow-invalid',
    `exit with 0 even if a result is invalid, instead of ${EXIT.resultInvalid}`,
  );
}

/** A path given in a workspace's config. */
export function inWorkspace({ root }: Workspace, path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}
