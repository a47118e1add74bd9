import { SweeplineError } from '../../errors.js';
import type { BenchArrival } from './arrival.js';

/** The rate that a pattern needs. @throws {SweeplineError} USAGE without one. */
export function neededRate({ requestRate }: BenchArrival, pattern: string): number {
  if (requestRate !== Infinity) return requestRate;
  throw new SweeplineError('USAGE', `--arrival ${pattern} needs a --request-rate`);
}

/** @throws {SweeplineError} USAGE with a message for a rate that would change nothing. */
export function withoutRate({ requestRate }: BenchArrival, message: string): void {
  if (requestRate !== Infinity) throw new SweeplineError('USAGE', message);
}

/** The limit of a schedule, where there is one. */
export function limitOf({ maxConcurrency }: BenchArrival): { readonly concurrency?: number } {
  return maxConcurrency === undefined ? {} : { concurrency: maxConcurrency };
}
