import type { z } from 'zod';

/** What an arrival pattern decides over: when which request is sent. One of these for each thread that sends. */
export interface ArrivalContext {
  /** Requests, or conversations, of all threads: numbered from 0. */
  readonly count: number;
  /** When the schedule begins, ms on the run's clock: the same for all threads. */
  readonly startMs: number;
  /** No more are begun once it is aborted. */
  readonly signal: AbortSignal;
  /** Milliseconds on the run's clock. */
  now(): number;
  /** The next one that no thread has taken; undefined when none is left or the run was stopped. */
  claim(): number | undefined;
  /** How many of a number of slots are this thread's. */
  share(slots: number): number;
  /**
   * Sends `index` over connection `slot` (of this thread, from 0) and resolves with the time at which it ended, ms; never
   * rejects. A slot is used by one at a time.
   */
  send(request: { index: number; slot: number; scheduledMs: number }): Promise<number>;
}

/** A way of sending requests: its part of load specs, and what it does. */
export interface ArrivalPattern<S extends z.ZodType> {
  readonly schema: S;
  /** Sends what it can claim; resolves when the last has ended. */
  run(arrival: z.output<S>, context: ArrivalContext): Promise<void>;
  /** Connections that all threads open together before the clock starts. */
  connections(arrival: z.output<S>, count: number): number;
}
