import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { ArrivalContext, ArrivalPattern } from './arrival.js';

const schema = z.strictObject({
  pattern: z.literal('closed-loop'),
  /** Requests in flight at most. */
  concurrency: z.number().int().positive(),
});

/** Requests sent at the start before answers are looked at: a write takes tens of microseconds, and thousands in a row would
 * make the first answers look late. */
const STARTS_IN_A_ROW = 16;

/** Each slot sends its next request when its last one has ended: never more than `concurrency` in flight. */
export const closedLoop: ArrivalPattern<typeof schema> = {
  schema,
  run,
  connections: ({ concurrency }, count) => Math.min(concurrency, count),
};

async function run({ concurrency }: z.output<typeof schema>, context: ArrivalContext): Promise<void> {
  let next = 0;
  const startMs = context.now();
  const runSlot = async (slot: number) => {
    let freeMs = startMs;
    while (next < context.count && !context.signal.aborted) {
      freeMs = await context.send({ index: next++, slot, scheduledMs: freeMs });
    }
  };
  const slots: Promise<void>[] = [];
  for (let slot = 0; slot < Math.min(concurrency, context.count); slot++) {
    slots.push(runSlot(slot));
    if (slot % STARTS_IN_A_ROW === STARTS_IN_A_ROW - 1) await setImmediate();
  }
  await Promise.all(slots);
}
