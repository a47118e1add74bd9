import type { PluginBase } from './base.js';
import type { Run } from './run.js';

/** The reports that core has itself; plugins have other names. */
export const BUILTIN_REPORTS = ['json', 'csv', 'markdown', 'html'] as const;
export type BuiltinReport = (typeof BUILTIN_REPORTS)[number];

/** Files made from a run, such as a site of plots: after each sweep, and by `sweepline report --format <name>`. */
export interface ReportPlugin extends PluginBase {
  readonly kind: 'report';
  /**
   * Writes its files into a folder, empty at first, that takes its place once all is written: `reports/<name>` in the run's folder.
   * Each point's own files are in `points/<name>/` of `run.folder`.
   */
  write(run: Run, folder: string, signal: AbortSignal): Promise<void>;
}
