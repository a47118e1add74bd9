import type { SweeplineError } from '../errors.js';
import type { SlurmJob } from '../launch/delegate/slurm-jobs.js';
import type { ProcessLog } from '../launch/server-logs.js';
import type { SessionFacts } from '../launch/session.js';
import type { RunRecord } from '../load/records/record.js';
import type { StallLog } from '../metrics/marks/stall-log.js';
import type { HttpAnswer } from '../plugin/settings.js';
import type { AskedEval } from './run-evals.js';
import type { ClientPlaceName, PlacedClient } from './client-place.js';

/** What a delegate measured of a point. */
export interface Delegated {
  /** benchmark_serving.py's keys. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The file that it is from, for people. */
  readonly file: string;
  /** What measured, in which version. */
  readonly client: string;
  /** Its jobs in Slurm, with their states at the end. */
  readonly jobs: readonly SlurmJob[];
}

/** What came of a point: a run, or an error; and in both cases what was learnt on the way. */
export interface Measurement extends Omit<SessionFacts, 'logs'> {
  readonly outcome:
    | { readonly run: RunRecord }
    | { readonly error: SweeplineError }
    /** Its server was asked, and not loaded. */
    | { readonly asked: true }
    /** A delegate's own result, which has no records. */
    | { readonly delegated: Delegated };
  /** What the server's processes wrote. */
  readonly logs: readonly ProcessLog[];
  /** What they wrote while the server stood still, where it did. */
  readonly stallLogs: readonly StallLog[];
  /** What its endpoint answered about itself, before the load and after it. */
  readonly answers: readonly HttpAnswer[];
  /** What its server answered to the tasks of the point; missing where it was asked none. */
  readonly evals?: readonly AskedEval[];
  /** Missing where its server was started for it. */
  readonly reused?: {
    /** Points that the server had served before. */
    readonly before: number;
    /** Whether its caches were cleared in between. */
    readonly cleared: boolean;
  };
  /** Where the client ran, once it had a place. */
  readonly client?: {
    readonly place: ClientPlaceName;
    readonly node: string;
    readonly path: PlacedClient['path'];
  };
}
