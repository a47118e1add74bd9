import type { SweeplineError } from '../errors.js';
import type { RunInfo } from '../results/run-schema.js';
import type { Result } from '../results/schema.js';

/** A run as it lies on disk, for plugins that make something of it. */
export interface Run {
  readonly folder: string;
  readonly run: RunInfo;
  /** In the order in which they began. */
  readonly results: readonly Result[];
  /** Points that were begun and have no result that can be read: they run, what measured them is gone, or they are damaged. */
  readonly begun: readonly string[];
  /** What lies among the points and is no result, or none that can be read. */
  readonly problems: readonly SweeplineError[];
}
