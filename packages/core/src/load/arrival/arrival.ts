import type { z } from 'zod';
import type { Flags, FlagValues } from '../spec/flags.js';

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

/** What `sweepline bench` was given that patterns share. */
export interface BenchArrival {
  /** Requests per second; Infinity: none was given. */
  readonly requestRate: number;
  readonly maxConcurrency?: number;
  readonly seed: number;
  readonly numPrompts: number;
  /** When the requests of the data set were made, where it says so. */
  readonly timesMs?: readonly number[];
}

/** All that patterns have in common. */
interface Common<S extends z.ZodType, F extends Flags> {
  /** As specs, configs and --arrival name it. */
  readonly name: string;
  /** Its part of load specs: an object with the pattern's name, and `concurrency` where that is limited. */
  readonly schema: S;
  /** Requests per second; Infinity: as many as slots allow; undefined where no one number says it. */
  rate?(arrival: z.output<S>): number;
  /** Shape of the gaps: 1 as in a Poisson process, the default; Infinity: all alike. */
  burstiness?(arrival: z.output<S>): number;
  /** The rate changes on purpose: such a load has no steady state. */
  readonly isRamp?: true;
  readonly bench: {
    readonly flags: F;
    /** @throws {SweeplineError} USAGE when options don't fit one another. */
    toSpec(options: BenchArrival & FlagValues<F>): z.input<S>;
  };
  /** What a config's `load.arrival` leaves out of the schema. */
  readonly scenario?: {
    /** Field that is filled with the times of the workload's requests. */
    readonly times: string;
  };
}

/** A pattern by a schedule: each request is due at a time of its own, whatever became of the others. */
export interface Scheduled<S extends z.ZodType, F extends Flags> extends Common<S, F> {
  /** When each of `count` requests is due, ms from the start, ascending. More requests don't change the times of the first ones. */
  schedule(arrival: z.output<S>, count: number): (index: number) => number;
}

/** A pattern in which requests are sent as others end. */
export interface Closed<S extends z.ZodType, F extends Flags> extends Common<S, F> {
  /** Sends what it can claim; resolves when the last has ended. */
  run(arrival: z.output<S>, context: ArrivalContext): Promise<void>;
  /** Connections that all threads open together before the clock starts. */
  connections(arrival: z.output<S>, count: number): number;
}

/** A way of sending requests: everything that Sweepline knows of it. */
export type ArrivalPattern<S extends z.ZodType, F extends Flags> = Scheduled<S, F> | Closed<S, F>;
