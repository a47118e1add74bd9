import type { PluginBase } from './base.js';
import type { Sku } from './hardware.js';
import type { Run } from './run.js';

/** The reports that core has itself; plugins have other names. */
export const BUILTIN_REPORTS = ['json', 'csv', 'markdown'] as const;
export type BuiltinReport = (typeof BUILTIN_REPORTS)[number];

/** Files made from a run, such as a site of plots: after each sweep, and by `sweepline report --format <name>`. */
export interface ReportPlugin extends PluginBase {
  readonly kind: 'report';
  /** Name of the one file that it writes, which then stands in the run's folder itself: `report.` and an extension. */
  readonly file?: string;
  /**
   * Writes its files into a folder, empty at first, that takes its place once all is written: `reports/<name>` in the run's folder.
   * With `file`, that file alone is taken from it. Each point's own files are in `points/<name>/` of `run.folder`.
   */
  write(run: Run, folder: string, signal: AbortSignal, known: ReportKnowledge): Promise<void>;
}

/** What is known besides a run. */
export interface ReportKnowledge {
  /** Hardware of the workspace's plugins. */
  readonly skus: readonly Sku[];
}
