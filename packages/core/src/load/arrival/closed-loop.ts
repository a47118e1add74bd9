import { z } from 'zod';
import type { ArrivalContext, Closed } from './arrival.js';
import { withoutRate } from './bench-rate.js';
import { Pace } from './pace.js';

const schema = z.strictObject({
  pattern: z.literal('closed-loop'),
  /** Most requests in flight. */
  concurrency: z.number().int().positive(),
});

const flags = {};

/** Each slot sends its next request when its previous one has ended: never more than `concurrency` in flight. */
export const closedLoop: Closed<typeof schema, typeof flags> = {
  name: 'closed-loop',
  schema,
  run,
  connections: ({ concurrency }, count) => Math.min(concurrency, count),
  rate: () => Infinity,
  bench: {
    flags,
    toSpec(options) {
      withoutRate(options, 'a closed loop has no --request-rate');
      return { pattern: 'closed-loop', concurrency: options.maxConcurrency ?? options.numPrompts };
    },
  },
};

/**
 * Slots that start per millisecond. With a steady server, streams that start together also end together, and the thread then has
 * to fit all those ends and starts between the tokens of the other streams.
 */
const BEGIN_AT_ONCE = 4;

async function run({ concurrency }: z.output<typeof schema>, context: ArrivalContext): Promise<void> {
  const begin = new Pace(BEGIN_AT_ONCE);
  const goOn = new Pace();
  const runSlot = async (slot: number) => {
    const turn = begin.start();
    if (turn !== undefined) await turn;
    // A slot counts as free from the moment it may start.
    let freeMs = context.now();
    for (let index = context.claim(); index !== undefined; index = context.claim()) {
      freeMs = await context.send({ index, slot, scheduledMs: freeMs });
      const pause = goOn.start();
      if (pause !== undefined) await pause;
    }
  };
  const slots = context.share(Math.min(concurrency, context.count));
  await Promise.all(Array.from({ length: slots }, (_, slot) => runSlot(slot)));
}
