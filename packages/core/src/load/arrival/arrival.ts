import type { z } from 'zod';
import type { Flags, FlagValues } from '../spec/flags.js';

/** What an arrival pattern needs to decide when to send each request. Each sending thread has its own. */
export interface ArrivalContext {
  /** Requests, or conversations, of all threads together; numbered from 0. */
  readonly count: number;
  /** Start of the schedule, ms on the run's clock: the same for all threads. */
  readonly startMs: number;
  /** Once it is aborted, nothing more is started. */
  readonly signal: AbortSignal;
  /** Milliseconds on the run's clock. */
  now(): number;
  /** The next index that no thread has taken; undefined when none is left or the run was stopped. */
  claim(): number | undefined;
  /** This thread's share of a number of slots. */
  share(slots: number): number;
  /**
   * Sends request `index` over connection `slot` (of this thread, from 0) and resolves with its end time, ms; never rejects. A
   * slot carries one request at a time.
   */
  send(request: { index: number; slot: number; scheduledMs: number }): Promise<number>;
}

/** Options of `sweepline bench` that several patterns use. */
export interface BenchArrival {
  /** Requests per second; Infinity if none was given. */
  readonly requestRate: number;
  readonly maxConcurrency?: number;
  readonly seed: number;
  readonly numPrompts: number;
  /** When the data set's requests were recorded, if it says so. */
  readonly timesMs?: readonly number[];
}

/** Members of every pattern. */
interface Common<S extends z.ZodType, F extends Flags> {
  /** Its name in specs, configs and --arrival. */
  readonly name: string;
  /** Its part of load specs: an object with the pattern's name, and `concurrency` if that is limited. */
  readonly schema: S;
  /** Requests per second; Infinity: as many as the slots allow; undefined if the rate isn't a single number. */
  rate?(arrival: z.output<S>): number;
  /** Shape of the gaps: 1 (the default) is a Poisson process; Infinity: all gaps are equal. */
  burstiness?(arrival: z.output<S>): number;
  /** The rate changes by design: such a load has no steady state. */
  readonly isRamp?: true;
  readonly bench: {
    readonly flags: F;
    /** @throws {SweeplineError} USAGE when options contradict each other. */
    toSpec(options: BenchArrival & FlagValues<F>): z.input<S>;
  };
  /** How a config's `load.arrival` differs from the schema. */
  readonly scenario?: {
    /** Field that is filled with the recorded times of the workload's requests. */
    readonly times: string;
  };
}

/** A pattern with a schedule: each request has a due time that doesn't depend on the other requests. */
export interface Scheduled<S extends z.ZodType, F extends Flags> extends Common<S, F> {
  /** When each of `count` requests is due, ms from the start, ascending. A larger `count` doesn't change the earlier times. */
  schedule(arrival: z.output<S>, count: number): (index: number) => number;
}

/** A pattern that sends a request when another one ends. */
export interface Closed<S extends z.ZodType, F extends Flags> extends Common<S, F> {
  /** Sends every request that it can claim; resolves when the last one has ended. */
  run(arrival: z.output<S>, context: ArrivalContext): Promise<void>;
  /** Connections that all threads open together before the clock starts. */
  connections(arrival: z.output<S>, count: number): number;
}

/** A way of timing requests: everything that Sweepline knows about it. */
export type ArrivalPattern<S extends z.ZodType, F extends Flags> = Scheduled<S, F> | Closed<S, F>;
