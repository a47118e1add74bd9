import type { Presence } from '../results/owner.js';
import type { RunInfo } from '../results/run-schema.js';
import type { Result } from '../results/schema.js';

/** What a report is made from. */
export interface ReportInput {
  readonly run: RunInfo;
  readonly results: readonly Result[];
  /** Points that were begun and have no result. */
  readonly begun?: readonly string[];
  /** Whether what measures a run without an end is still there; not asked of others. */
  readonly presence?: Presence;
  /** How many things in the run's folder could not be read. */
  readonly unread?: number;
}

/** Pure: equal inputs give equal text. */
export type Renderer = (input: ReportInput) => string;
