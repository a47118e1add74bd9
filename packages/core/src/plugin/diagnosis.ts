import type { ErrorCode } from '../errors.js';

/** The finding of a check of a machine. A warning does not prevent runs. */
export interface Diagnosis {
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
  /** What to do about it, in the imperative. */
  readonly hint?: string;
  /** For a problem, the error that a command would end with. */
  readonly code?: ErrorCode;
}

/** What the configs want of a launcher on one runner. */
export interface LauncherSubject {
  /** The job's runner label or node name. */
  readonly runner: string;
  /** The options of its cluster, after the launcher's schema; absent outside of clusters. */
  readonly options?: unknown;
  /** Images of the containers that its plans run in. */
  readonly images: readonly string[];
}
