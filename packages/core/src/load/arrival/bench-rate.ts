import { SweeplineError } from '../../errors.js';
import type { BenchArrival } from './arrival.js';

/** The rate, for a pattern that needs one. @throws {SweeplineError} USAGE without one. */
export function neededRate({ requestRate }: BenchArrival, pattern: string): number {
  if (requestRate !== Infinity) return requestRate;
  throw new SweeplineError('USAGE', `--arrival ${pattern} needs a --request-rate`);
}

/** @throws {SweeplineError} USAGE with `message` if a rate was given, as it would have no effect. */
export function withoutRate({ requestRate }: BenchArrival, message: string): void {
  if (requestRate !== Infinity) throw new SweeplineError('USAGE', message);
}

/** The concurrency limit of a schedule, if there is one. */
export function limitOf({ maxConcurrency }: BenchArrival): { readonly concurrency?: number } {
  return maxConcurrency === undefined ? {} : { concurrency: maxConcurrency };
}
