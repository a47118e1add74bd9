import type { ServerMetricsRecord } from '../server-metrics/server-metrics.js';
import type { LoadSpec } from '../spec/spec.js';
import type { ClientHealth, ConnectionFacts } from './records-schema.js';
import type { PromptFacts, RequestRecord } from './request-record.js';

export type { ClientHealth, ConnectionFacts, WorkerHealth } from './records-schema.js';
export type { PromptFacts, RequestRecord, RequestState } from './request-record.js';

export const RECORDS_SCHEMA = 'sweepline.records/1';

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
  /** Requests that have a record, where the spec's duration decides how many. */
  readonly records?: number;
  /** Whether every planned request was run to an end. */
  readonly complete: boolean;
}
