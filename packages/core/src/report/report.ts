import type { Presence } from '../results/owner.js';
import type { RunInfo } from '../results/run-schema.js';
import type { Result } from '../results/schema.js';

/** The input of a report. */
export interface ReportInput {
  readonly run: RunInfo;
  readonly results: readonly Result[];
  /** Points that were begun and have no result. */
  readonly begun?: readonly string[];
  /** Whether the process that measures an unfinished run still exists; not checked for other runs. */
  readonly presence?: Presence;
  /** How many entries in the run's folder could not be read. */
  readonly unread?: number;
}

/** Pure: the same input gives the same text. */
export type Renderer = (input: ReportInput) => string;
