import { SweeplineError } from '../errors.js';
import { hasSchedule, requestsWithin, type Arrival } from '../load/arrival/index.js';
import { MOST_REQUESTS } from '../load/spec/flags.js';
import { filesOf, workloadOf } from '../load/workloads/index.js';
import { DEFAULT_PROMPTS, type Dataset } from './load.js';
import type { BenchOptions } from './options.js';

/** Prompts are made before a load starts: more than these would not fit memory. */
const MOST_DUE = MOST_REQUESTS / 16;
/** Input tokens that are made ready for a closed loop at most, where nobody says how many prompts. */
const MOST_TOKENS_READY = 2 ** 25;

type DurationOptions = Pick<BenchOptions, 'duration' | 'maxConcurrency' | 'randomInputLen'>;

/**
 * How many prompts are made for a load of `duration` seconds. A schedule says it; of a closed loop it isn't known before: one per second
 * and slot, and `DEFAULT_PROMPTS` at least. What is given as --num-prompts, or is in a trace, is not exceeded.
 * @throws {SweeplineError} USAGE where time makes no difference, or too many would be due.
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
        hint: 'Give a shorter one, a lower rate, or --num-prompts.',
      },
    );
  }
  // A schedule's times are those of conversations.
  return Math.min(limit, workloadOf(prompts).promptsIn?.(prompts, due) ?? due);
}
