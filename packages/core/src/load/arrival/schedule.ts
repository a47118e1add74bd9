import { setImmediate, setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { ArrivalContext } from './arrival.js';

/** What all patterns with a schedule share in their specs. */
export const scheduled = {
  /** Requests in flight at most; those that are due beyond it wait, and their records tell for how long. No limit if absent. */
  concurrency: z.number().int().positive().optional(),
};

export const rate = z.number().positive().describe('Requests a second.');

/** Connections opened before the clock starts where the schedule sets no limit; more are opened ahead as slots are used. */
const CONNECTIONS_AHEAD = 64;

export function scheduledConnections(
  { concurrency }: { readonly concurrency?: number },
  count: number,
): number {
  return Math.min(concurrency ?? CONNECTIONS_AHEAD, count);
}

/** Timers fire up to a millisecond late: what is left is waited for by looking at the clock. */
const TIMER_SLACK_MS = 1.5;

/**
 * Sends request i at `times[i]`, ms after the start. Times are absolute, so that being late once delays nothing that comes
 * after. A request that is due while all slots are busy takes the first that becomes free.
 */
export async function runSchedule(
  times: (index: number) => number,
  { concurrency = Infinity }: { readonly concurrency?: number },
  context: ArrivalContext,
): Promise<void> {
  const { count, signal } = context;
  const startMs = context.now();
  const free: number[] = [];
  const waiting: { readonly index: number; readonly scheduledMs: number }[] = [];
  const running = new Set<Promise<void>>();
  let slots = 0;
  const begin = (slot: number, index: number, scheduledMs: number): void => {
    const request = context.send({ index, slot, scheduledMs }).then(() => {
      running.delete(request);
      const next = signal.aborted ? undefined : waiting.shift();
      if (next === undefined) free.push(slot);
      else begin(slot, next.index, next.scheduledMs);
    });
    running.add(request);
  };
  for (let index = 0; index < count && !signal.aborted; index++) {
    const scheduledMs = startMs + times(index);
    if (!(await until(scheduledMs, context))) break;
    const slot = free.pop() ?? (slots < concurrency ? slots++ : undefined);
    if (slot === undefined) waiting.push({ index, scheduledMs });
    else begin(slot, index, scheduledMs);
  }
  while (running.size > 0) await Promise.race(running);
}

/** Whether it came to that time: not when the run is stopped before. */
async function until(dueMs: number, context: ArrivalContext): Promise<boolean> {
  const { signal } = context;
  const sleepMs = dueMs - context.now() - TIMER_SLACK_MS;
  // Aborted sleeps are over; who sleeps looks at the signal.
  if (sleepMs > 0) await setTimeout(sleepMs, undefined, { signal }).catch(() => {});
  while (context.now() < dueMs && !signal.aborted) await setImmediate();
  return !signal.aborted;
}
