import type { RunRecord } from '../load/records/record.js';
import type { PluginBase } from './base.js';

export { RESERVED_OUTPUTS } from './row-keys.js';

/** One number that a metric plugin gives. Tables, plots and exports take their columns from here. */
export interface MetricOutput {
  /** Key in the raw result, such as `mean_ttft_ms`. */
  readonly key: string;
  readonly label: string;
  /** Unit, such as `ms` or `tok/s`; empty for counts. */
  readonly unit: string;
  readonly better: 'lower' | 'higher' | 'neither';
  /** Definition, and where it comes from. */
  readonly definition: string;
  /**
   * `row`: also written to the job's `agg_*.json` row, where a key ending in `_ms` becomes seconds without the suffix;
   * `raw`: only to the raw result. Default: `row`.
   */
  readonly level?: 'row' | 'raw';
}

/** A number with the ends of its interval: how far it may be from what it stands for. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Its level, and what it covers and leaves out: a run's own requests say nothing about the next start of the server. */
  readonly covers: string;
}

/** Pure: stored records can be recomputed. A number that can't be told is left out, never 0. */
export interface MetricPlugin extends PluginBase {
  readonly kind: 'metric';
  readonly outputs: readonly MetricOutput[];
  /** By output key. */
  compute(run: RunRecord): Readonly<Record<string, number | Estimate>>;
}
