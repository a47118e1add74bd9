import type { Command } from 'commander';
import { SweeplineError } from '../errors.js';

/**
 * Rejects what commander accepts and the original's argument parser does not: an option where a value is expected, and an option with
 * several values that is given twice (the original takes the last, commander both).
 * @throws {SweeplineError} USAGE
 */
export function checkArguments(command: Command, args: readonly string[]): void {
  for (const option of command.options) {
    const { long, required, optional, variadic } = option;
    if (long === undefined || (!required && !optional)) continue;
    const places = args.flatMap((arg, index) => (arg === long || arg.startsWith(`${long}=`) ? [index] : []));
    if (variadic && places.length > 1) {
      throw new SweeplineError('USAGE', `${long} is given ${places.length} times`, {
        hint: `Give all its values after one ${long}.`,
      });
    }
    if (!required) continue;
    for (const place of places) {
      const value = args[place] === long ? args[place + 1] : undefined;
      if (value === undefined || !value.startsWith('-') || /^-\d+$/.test(value)) continue;
      throw new SweeplineError('USAGE', `${long} needs a value, not ${value}`);
    }
  }
}
