import type { MachineRecord } from '../health/machine/machine.js';
import type { Pauses } from '../health/pauses.js';
import type { ServerMetricsRecord } from '../server-metrics/server-metrics.js';
import type { LoadSpec } from '../spec/spec.js';
import type { PromptFacts, RequestRecord } from './request-record.js';

export type { PromptFacts, RequestRecord, RequestState } from './request-record.js';

export const RECORDS_SCHEMA = 'sweepline.records/1';

/** How far the client can be trusted. */
export interface ClientHealth {
  /** Name and version of the load generator. */
  readonly name: string;
  /** Most requests in flight at once, as recorded. */
  readonly peakInFlight: number;
  /** Sent minus scheduled, ms. */
  readonly sendLagMs: { readonly mean: number; readonly max: number };
  /** Delay of the client's event loop, ms (`perf_hooks.monitorEventLoopDelay`); unknown for runs too short for a sample. */
  readonly eventLoopLagMs?: { readonly mean: number; readonly p99: number; readonly max: number };
  /** CPU seconds (user + system) the client used over the measured window; unknown when the client was killed. */
  readonly cpuS?: number;
  /** Each thread that sent requests, over the measured window; unknown when the client was killed. */
  readonly workers?: readonly WorkerHealth[];
  /** The machine it ran on, over the measured window; unknown when the client was killed. */
  readonly machine?: MachineRecord;
}

/** One thread of the client over the measured window. What the platform doesn't tell is left out. */
export interface WorkerHealth {
  /** Requests it sent. */
  readonly requests: number;
  /** CPU seconds (user + system) of this thread. */
  readonly cpuS?: number;
  /** CPU seconds over seconds of the window: 1 is a core that did nothing else. */
  readonly cpuShare?: number;
  /** Seconds that it was ready to run and had no CPU. */
  readonly waitS?: number;
  /** Delay of its event loop, ms. */
  readonly eventLoopLagMs?: { readonly mean: number; readonly p99: number; readonly max: number };
  /** Ticks of a 10 ms timer, and those that came more than 5 ms late. */
  readonly timers?: { readonly ticks: number; readonly late: number };
  /** When its event loop stood still. */
  readonly pauses?: Pauses;
  /** Connections opened; those that ended without the client having closed them; requests sent again on a new one. */
  readonly connections: { readonly opened: number; readonly dropped: number; readonly retried: number };
  /** Page faults that needed the disk. */
  readonly majorFaults?: number;
}

/** Connections of another kind than the spec asks for, and why. */
export interface ConnectionFacts {
  readonly used: LoadSpec['connections'];
  readonly reason: string;
}

/** Everything known about one measured run; what metrics are computed from. */
export interface RunRecord {
  readonly spec: LoadSpec;
  /** Wall-clock time of the monotonic origin, milliseconds since the Unix epoch. */
  readonly originUnixMs: number;
  /** Unknown when the run ended before it was settled. */
  readonly prompts?: PromptFacts;
  /** Absent where they are what the spec asks for. */
  readonly connections?: ConnectionFacts;
  /** First dispatch to last completion of measured requests, ms on the monotonic clock. */
  readonly window: { readonly startMs: number; readonly endMs: number };
  /** Measured requests in order of `index`; warm-ups are not among them. */
  readonly requests: readonly RequestRecord[];
  readonly warmups: { readonly completed: number; readonly failed: number };
  readonly client: ClientHealth;
  /** What the server told of itself meanwhile; absent where it has no metrics, or was not asked. */
  readonly server?: ServerMetricsRecord;
  /** Whether every planned request was run to an end. */
  readonly complete: boolean;
}
