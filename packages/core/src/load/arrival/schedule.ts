import { setImmediate, setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { ArrivalContext } from './arrival.js';
import { Pace } from './pace.js';

/** Spec fields of all patterns with a schedule. */
export const scheduled = {
  /** Most requests in flight; requests that are due beyond it wait, and their records show for how long. No limit if absent. */
  concurrency: z.number().int().positive().optional(),
};

export const rate = z.number().positive().describe('Requests per second.');

/** Connections opened before the clock starts if the schedule sets no limit; more are opened in advance as slots are used. */
const CONNECTIONS_AHEAD = 64;

export function scheduledConnections(
  { concurrency }: { readonly concurrency?: number },
  count: number,
): number {
  return Math.min(concurrency ?? CONNECTIONS_AHEAD, count);
}

/**
 * Timers fire up to a millisecond late, so the end of a wait is spent polling the clock. Polling is limited to this time and this
 * share of the wait, as a core that never sleeps looks the same as one that is overloaded. Waits of a few milliseconds therefore
 * end a little late.
 */
const LOOKING_MS = 1.5;
const LOOKING_SHARE = 0.15;

/**
 * Sends request i at `times[i]`, ms after the start. Times are absolute, so one late request doesn't delay the ones after it. A
 * request that is due while all slots are busy takes the first slot that becomes free.
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

/** Reuses slots, the last used first, before it takes new ones. */
class SlotPool {
  private readonly idle: number[] = [];
  private used = 0;
  private waiting: ((slot: number) => void) | undefined;

  constructor(private readonly size: number) {}

  take(): number | undefined {
    return this.idle.pop() ?? (this.used < this.size ? this.used++ : undefined);
  }

  /** Only one caller waits at a time. */
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

/** Waits until a time on the run's clock. Returns whether that time was reached: false when the run was stopped before. */
export async function until(
  dueMs: number,
  { now, signal }: Pick<ArrivalContext, 'now' | 'signal'>,
): Promise<boolean> {
  let leftMs = dueMs - now();
  const lookingMs = Math.min(LOOKING_MS, LOOKING_SHARE * leftMs);
  while (leftMs > 0 && !signal.aborted) {
    // An aborted sleep ends early; the caller checks the signal.
    if (leftMs > lookingMs) await setTimeout(leftMs - lookingMs, undefined, { signal }).catch(() => {});
    else await setImmediate();
    leftMs = dueMs - now();
  }
  return !signal.aborted;
}
