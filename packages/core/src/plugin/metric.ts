import type { RunRecord } from '../load/record.js';
import type { PluginBase } from './plugin.js';

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

/** Pure: stored records can be recomputed. A number that can't be told is left out, never 0. */
export interface MetricPlugin extends PluginBase {
  readonly kind: 'metric';
  readonly outputs: readonly MetricOutput[];
  compute(run: RunRecord): Readonly<Record<string, number>>;
}

/** Keys of raw results and rows that say what was measured, and where: no output may have one of them. */
export const RESERVED_OUTPUTS: ReadonlySet<string> = new Set([
  ...[
    'hw',
    'conc',
    'image',
    'model',
    'infmax_model_prefix',
    'framework',
    'precision',
    'spec_decoding',
    'disagg',
  ],
  ...['isl', 'osl', 'is_multinode', 'tp', 'ep', 'dp_attention'],
  ...['prefill_tp', 'prefill_ep', 'prefill_dp_attention', 'prefill_num_workers', 'num_prefill_gpu'],
  ...['decode_tp', 'decode_ep', 'decode_dp_attention', 'decode_num_workers', 'num_decode_gpu'],
  ...['tput_per_gpu', 'output_tput_per_gpu', 'input_tput_per_gpu'],
  ...['date', 'backend', 'model_id', 'tokenizer_id', 'best_of', 'num_prompts', 'request_rate', 'burstiness'],
  ...['max_concurrency', 'sweepline'],
]);
