import { z } from 'zod';
import type { ArrivalPattern } from './arrival.js';
import { runSchedule, scheduled, scheduledConnections } from './schedule.js';

const schema = z.strictObject({
  pattern: z.literal('replay'),
  /** When each request is due, ms from the start, ascending; requests beyond the list begin it again. */
  timesMs: z.array(z.number().nonnegative()).min(1),
  /** Times are divided by it: 2 is twice as fast. */
  speed: z.number().positive().default(1),
  ...scheduled,
});

/** Requests at recorded times. */
export const replay: ArrivalPattern<typeof schema> = {
  schema,
  run: (arrival, context) => runSchedule((index) => replayTime(arrival, index), arrival, context),
  connections: scheduledConnections,
};

export function replayTime(
  { timesMs, speed }: { readonly timesMs: readonly number[]; readonly speed: number },
  index: number,
): number {
  const round = Math.floor(index / timesMs.length);
  const last = timesMs.at(-1) ?? 0;
  // Between two rounds lies what lies between two requests on average.
  const gap = last / Math.max(1, timesMs.length - 1);
  return (round * (last + gap) + (timesMs[index % timesMs.length] ?? 0)) / speed;
}
