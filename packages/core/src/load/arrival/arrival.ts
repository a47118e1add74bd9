import type { z } from 'zod';

/** What an arrival pattern decides over: when which request is sent. */
export interface ArrivalContext {
  /** Requests to send, numbered from 0. */
  readonly count: number;
  /** No more are begun once it is aborted. */
  readonly signal: AbortSignal;
  /** Milliseconds on the run's clock. */
  now(): number;
  /**
   * Sends request `index` over connection `slot` and resolves with the time at which it ended, ms; never rejects.
   * A slot is used by one request at a time.
   */
  send(request: { index: number; slot: number; scheduledMs: number }): Promise<number>;
}

/** A way of sending requests: its part of load specs, and what it does. */
export interface ArrivalPattern<S extends z.ZodType> {
  readonly schema: S;
  /** Sends `context.count` requests; resolves when the last has ended. */
  run(arrival: z.output<S>, context: ArrivalContext): Promise<void>;
  /** Connections to open before the clock starts. */
  connections(arrival: z.output<S>, count: number): number;
}
