import type { Result, RunInfo } from '../results/schema.js';

/** What a report is made from. */
export interface ReportInput {
  readonly run: RunInfo;
  readonly results: readonly Result[];
}

/** Pure: equal inputs give equal text. */
export type Renderer = (input: ReportInput) => string;
