import { SweeplineError } from '../errors.js';
import { hasSchedule, requestsWithin, type Arrival } from '../load/arrival/index.js';
import { MOST_REQUESTS } from '../load/spec/flags.js';
import { filesOf, workloadOf } from '../load/workloads/index.js';
import { DEFAULT_PROMPTS, type Dataset } from './load.js';
import type { BenchOptions } from './options.js';

/** The most prompts for a --duration. Prompts are made before a load starts: more would not fit into memory. */
const MOST_DUE = MOST_REQUESTS / 16;
/** The most input tokens that are prepared for a closed loop if the number of prompts isn't given. */
const MOST_TOKENS_READY = 2 ** 25;

type DurationOptions = Pick<BenchOptions, 'duration' | 'maxConcurrency' | 'randomInputLen'>;

/**
 * How many prompts are made for a load of `duration` seconds. A schedule determines it. For a closed loop it isn't known before: one per
 * second and slot, and at least `DEFAULT_PROMPTS`. --num-prompts and the length of a trace are upper limits.
 * @throws {SweeplineError} USAGE if the duration has no effect, or too many requests would be due.
 */
export function promptsWithin(options: DurationOptions, dataset: Dataset, arrival: Arrival): number {
  const { duration, maxConcurrency, randomInputLen } = options;
  if (duration === undefined) return dataset.numPrompts;
  if (hasSchedule(arrival)) return dueWithin(duration, dataset, arrival);
  if (maxConcurrency === undefined) {
    throw new SweeplineError('USAGE', '--duration needs a --max-concurrency or a --request-rate', {
      hint: 'Without them all requests are sent at once.',
    });
  }
  const isFromFile = Object.keys(filesOf(dataset.prompts)).length > 0;
  if (dataset.isLimited || isFromFile) return dataset.numPrompts;
  const room = Math.max(DEFAULT_PROMPTS, Math.floor(MOST_TOKENS_READY / randomInputLen));
  return Math.min(room, Math.max(DEFAULT_PROMPTS, Math.ceil(maxConcurrency * duration)));
}

function dueWithin(duration: number, { prompts, numPrompts, isLimited }: Dataset, arrival: Arrival): number {
  const limit = isLimited ? numPrompts : MOST_DUE;
  const due = requestsWithin(arrival, duration, limit) ?? limit;
  if (!isLimited && due >= MOST_DUE) {
    throw new SweeplineError(
      'USAGE',
      `more than ${MOST_DUE} requests are due within --duration ${duration}`,
      {
        hint: 'Use a shorter duration, a lower rate, or --num-prompts.',
      },
    );
  }
  // The times of a schedule are those of conversations.
  return Math.min(limit, workloadOf(prompts).promptsIn?.(prompts, due) ?? due);
}
