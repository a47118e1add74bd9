import { z } from 'zod';

/**
 * Event-loop delays from which the loop counts as paused, ms. The client's own work, including garbage collection, takes far
 * less.
 */
export const PAUSE_MS = 50;

/** Most pauses that are listed; the longest are kept. */
const MOST_LISTED = 100;

/** Times when a thread did nothing although its timer was due: it was stopped, or had no CPU. */
export const pausesSchema = z.object({
  count: z.number(),
  /** Total length of all pauses, ms. */
  lostMs: z.number(),
  /** The longest pauses in order of time: start on the run's clock and length, ms. */
  longest: z.array(z.object({ startMs: z.number(), ms: z.number() })).readonly(),
});

export type Pauses = z.output<typeof pausesSchema>;

/** Collects pauses. */
export class PauseList {
  private readonly all: { readonly startMs: number; readonly ms: number }[] = [];
  private count = 0;
  private lostMs = 0;

  /** A timer that was due at `dueMs` fired `lagMs` late. */
  add(dueMs: number, lagMs: number): void {
    if (lagMs < PAUSE_MS) return;
    this.count++;
    this.lostMs += lagMs;
    this.all.push({ startMs: dueMs, ms: lagMs });
    if (this.all.length >= 2 * MOST_LISTED) this.shorten();
  }

  summary(): Pauses {
    this.shorten();
    const longest = [...this.all].sort((a, b) => a.startMs - b.startMs);
    return { count: this.count, lostMs: this.lostMs, longest };
  }

  private shorten(): void {
    this.all.sort((a, b) => b.ms - a.ms).splice(MOST_LISTED);
  }
}
