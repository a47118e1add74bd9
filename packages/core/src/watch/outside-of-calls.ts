import { SweeplineError, messageOf, toSweeplineError } from '../errors.js';
import { packageIn } from './packages.js';
import { placeOf } from './place-of.js';

/** Errors from a timer, an event or a promise that nobody awaits. */
export function outsideOfCalls(what: string, thrown: unknown): SweeplineError {
  const error = toSweeplineError(thrown, 'INTERNAL');
  if (error.code === 'LIMIT_REACHED') return error;
  const owner = packageIn(thrown instanceof Error ? thrown.stack : undefined);
  const place = placeOf(thrown);
  const message = `${messageOf(thrown)}${place === undefined ? '' : ` (at ${place})`}`;
  if (owner === undefined) {
    return new SweeplineError('INTERNAL', message, {
      hint: 'This is a defect in Sweepline, or in a plugin that could not be named: please report it.',
      cause: thrown,
    });
  }
  return new SweeplineError('PLUGIN_THREW', `code of ${owner} ${what} outside of any call: ${message}`, {
    where: { plugin: owner },
    hint: `Report this to the authors of ${owner}.`,
    cause: thrown,
  });
}
