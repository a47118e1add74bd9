import { setImmediate, setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { ArrivalContext } from './arrival.js';
import { Pace } from './pace.js';

/** What all patterns with a schedule share in their specs. */
export const scheduled = {
  /** Requests in flight at most; those that are due beyond it wait, and their records tell for how long. No limit if absent. */
  concurrency: z.number().int().positive().optional(),
};

export const rate = z.number().positive().describe('Requests per second.');

/** Connections opened before the clock starts where the schedule sets no limit; more are opened ahead as slots are used. */
const CONNECTIONS_AHEAD = 64;

export function scheduledConnections(
  { concurrency }: { readonly concurrency?: number },
  count: number,
): number {
  return Math.min(concurrency ?? CONNECTIONS_AHEAD, count);
}

/**
 * Timers fire up to a millisecond late: the last of a wait is spent on looking at the clock, but no more than this and this share of
 * it, as a core that never sleeps can't be told from one that has too much to do. Waits of a few milliseconds end a little late then.
 */
const LOOKING_MS = 1.5;
const LOOKING_SHARE = 0.15;

/**
 * Sends request i at `times[i]`, ms after the start. Times are absolute, so that being late once delays nothing that comes
 * after. A request that is due while all slots are busy takes the first that becomes free.
 */
export async function runSchedule(
  times: (index: number) => number,
  { concurrency }: { readonly concurrency?: number },
  context: ArrivalContext,
): Promise<void> {
  const slots = concurrency === undefined ? Infinity : context.share(concurrency);
  if (slots === 0) return;
  const pool = new SlotPool(slots);
  const pace = new Pace();
  const running = new Set<Promise<void>>();
  for (;;) {
    const slot = pool.take() ?? (await pool.wait());
    const index = context.claim();
    if (index === undefined) break;
    const scheduledMs = context.startMs + times(index);
    if (!(await until(scheduledMs, context))) break;
    const turn = pace.start();
    if (turn !== undefined) await turn;
    const request = context.send({ index, slot, scheduledMs }).then(() => {
      running.delete(request);
      pool.free(slot);
    });
    running.add(request);
  }
  await Promise.all(running);
}

/** Slots are taken again, the last used first, before new ones are. */
class SlotPool {
  private readonly idle: number[] = [];
  private used = 0;
  private waiting: ((slot: number) => void) | undefined;

  constructor(private readonly size: number) {}

  take(): number | undefined {
    return this.idle.pop() ?? (this.used < this.size ? this.used++ : undefined);
  }

  /** One waits at a time. */
  wait(): Promise<number> {
    return new Promise((resolve) => (this.waiting = resolve));
  }

  free(slot: number): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) this.idle.push(slot);
    else waiting(slot);
  }
}

/** Waits until a time on the run's clock. Whether it came to that: not when the run is stopped before. */
export async function until(
  dueMs: number,
  { now, signal }: Pick<ArrivalContext, 'now' | 'signal'>,
): Promise<boolean> {
  let leftMs = dueMs - now();
  const lookingMs = Math.min(LOOKING_MS, LOOKING_SHARE * leftMs);
  while (leftMs > 0 && !signal.aborted) {
    // Aborted sleeps are over; who sleeps looks at the signal.
    if (leftMs > lookingMs) await setTimeout(leftMs - lookingMs, undefined, { signal }).catch(() => {});
    else await setImmediate();
    leftMs = dueMs - now();
  }
  return !signal.aborted;
}
