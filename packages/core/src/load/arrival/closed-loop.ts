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
  const pace = new Pace();
  const runSlot = async (slot: number) => {
    let freeMs = context.startMs;
    for (;;) {
      const turn = pace.start();
      if (turn !== undefined) await turn;
      const index = context.claim();
      if (index === undefined) return;
      freeMs = await context.send({ index, slot, scheduledMs: freeMs });
    }
  };
  const slots = context.share(Math.min(concurrency, context.count));
  await Promise.all(Array.from({ length: slots }, (_, slot) => runSlot(slot)));
}
