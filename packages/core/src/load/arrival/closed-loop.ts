import { z } from 'zod';
import type { ArrivalContext, ArrivalPattern } from './arrival.js';
import { Pace } from './pace.js';

const schema = z.strictObject({
  pattern: z.literal('closed-loop'),
  /** Requests in flight at most. */
  concurrency: z.number().int().positive(),
});

/** Each slot sends its next request when its last one has ended: never more than `concurrency` in flight. */
export const closedLoop: ArrivalPattern<typeof schema> = {
  schema,
  run,
  connections: ({ concurrency }, count) => Math.min(concurrency, count),
};

async function run({ concurrency }: z.output<typeof schema>, context: ArrivalContext): Promise<void> {
  let next = 0;
  const startMs = context.now();
  const pace = new Pace();
  const isOpen = (): boolean => next < context.count && !context.signal.aborted;
  const runSlot = async (slot: number) => {
    let freeMs = startMs;
    for (;;) {
      const turn = pace.start();
      if (turn !== undefined) await turn;
      if (!isOpen()) return;
      freeMs = await context.send({ index: next++, slot, scheduledMs: freeMs });
    }
  };
  const slots = Array.from({ length: Math.min(concurrency, context.count) }, (_, slot) => runSlot(slot));
  await Promise.all(slots);
}
