import type { ArrivalContext } from './arrival.js';

/** Each slot sends its next request when its last one has ended. */
export async function closedLoop(
  { concurrency }: { readonly concurrency: number },
  context: ArrivalContext,
): Promise<void> {
  let next = 0;
  const startMs = context.now();
  const runSlot = async (slot: number) => {
    let freeMs = startMs;
    while (next < context.count && !context.signal.aborted) {
      freeMs = await context.send({ index: next++, slot, scheduledMs: freeMs });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, context.count) }, (_, slot) => runSlot(slot)));
}
