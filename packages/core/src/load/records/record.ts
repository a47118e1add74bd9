import type { ServerMetricsRecord } from '../server-metrics/server-metrics.js';
import type { LoadSpec } from '../spec/spec.js';
import type { EnergyRecord } from './energy-record.js';
import type { ClientHealth, ConnectionFacts } from './records-schema.js';
import type { PromptFacts, RequestRecord } from './request-record.js';

export type { DeviceEnergy, EnergyReason, EnergyRecord } from './energy-record.js';
export type { ClientHealth, ConnectionFacts, WorkerHealth } from './records-schema.js';
export type { PromptFacts, RequestRecord, RequestState } from './request-record.js';

export const RECORDS_SCHEMA = 'sweepline.records/1';

/** Everything known about one measured run; the input of metrics. */
export interface RunRecord {
  readonly spec: LoadSpec;
  /** Wall-clock time of the monotonic origin, milliseconds since the Unix epoch. */
  readonly originUnixMs: number;
  /** Unknown when the run ended before the form of its prompts was known. */
  readonly prompts?: PromptFacts;
  /** Absent if they are as in the spec. */
  readonly connections?: ConnectionFacts;
  /** First dispatch to last completion of measured requests, ms on the monotonic clock. */
  readonly window: { readonly startMs: number; readonly endMs: number };
  /** Measured requests in order of `index`; warm-ups are not among them. */
  readonly requests: readonly RequestRecord[];
  readonly warmups: { readonly completed: number; readonly failed: number };
  readonly client: ClientHealth;
  /** The server's own metrics during the load; absent if it has none or was not asked. */
  readonly server?: ServerMetricsRecord;
  /** What the devices drew meanwhile; absent where nothing reads that. It is no part of a records file. */
  readonly energy?: EnergyRecord;
  /** Number of requests with a record, if the spec's duration decides how many there are. */
  readonly records?: number;
  /** Whether every planned request ended. */
  readonly complete: boolean;
}
