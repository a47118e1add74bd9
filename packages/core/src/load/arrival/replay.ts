import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import { positive, type Flags } from '../spec/flags.js';
import type { Scheduled } from './arrival.js';
import { limitOf, withoutRate } from './bench-rate.js';
import { scheduled } from './schedule.js';

const schema = z.strictObject({
  pattern: z.literal('replay'),
  /** When each request is due, ms from the start, ascending; after the end of the list it starts over. */
  timesMs: z.array(z.number().nonnegative()).min(1),
  speed: z.number().positive().describe('Times are divided by it: 2 is twice as fast.').default(1),
  ...scheduled,
});

const flags = {
  replaySpeed: {
    takes: '<factor>',
    help: 'replay: 2 is twice as fast as recorded',
    parse: positive,
    default: 1,
    only: true,
  },
} satisfies Flags;

/** Requests at recorded times. */
export const replay: Scheduled<typeof schema, typeof flags> = {
  name: 'replay',
  schema,
  schedule: (arrival) => (index) => replayTime(arrival, index),
  scenario: { times: 'timesMs' },
  bench: {
    flags,
    toSpec(options) {
      withoutRate(options, '--arrival replay takes --replay-speed, not --request-rate');
      if (options.timesMs === undefined) {
        throw new SweeplineError(
          'USAGE',
          '--arrival replay needs --dataset-name mooncake with a trace that has timestamps',
        );
      }
      return {
        pattern: 'replay',
        timesMs: [...options.timesMs],
        speed: options.replaySpeed,
        ...limitOf(options),
      };
    },
  },
};

export function replayTime(
  { timesMs, speed }: { readonly timesMs: readonly number[]; readonly speed: number },
  index: number,
): number {
  const round = Math.floor(index / timesMs.length);
  const last = timesMs.at(-1) ?? 0;
  // The gap between two rounds is the average gap between two requests.
  const gap = last / Math.max(1, timesMs.length - 1);
  return (round * (last + gap) + (timesMs[index % timesMs.length] ?? 0)) / speed;
}
