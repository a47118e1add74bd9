import type { RunInfo } from '../../src/results/run-schema.js';
import type {
  CompletedResult,
  FailedResult,
  Mark,
  RejectedResult,
  Row,
  SkippedResult,
} from '../../src/results/schema.js';

const base = {
  schema: 'sweepline.result/2',
  concurrency: 64,
  startedAt: '2026-02-03T04:05:06Z',
  finishedAt: '2026-02-03T04:15:06Z',
  provenance: {
    sweepline: '0.1.0',
    client: 'sweepline-load 0.1.0',
    prompts: { form: 'text', tokenizer: 'org/model', chatTemplate: true },
    placement: { place: 'server-node', node: 'h200-cw_0', path: 'loopback' },
    framework: { plugin: 'sglang', package: '@sweepline/plugin-sglang', version: '0.1.0' },
    hardware: { sku: 'h200', node: 'h200-cw_0', facts: {} },
  },
} as const;

const row: Row = {
  hw: 'h200',
  conc: 64,
  image: 'img',
  model: 'org/model',
  infmax_model_prefix: 'dsr1',
  framework: 'sglang',
  precision: 'fp8',
  spec_decoding: 'none',
  disagg: false,
  isl: 1024,
  osl: 1024,
  is_multinode: false,
  tp: 8,
  ep: 1,
  dp_attention: 'false',
  tput_per_gpu: 1260.7654320986,
  output_tput_per_gpu: 597.2067901373,
  input_tput_per_gpu: 663.5586419613,
  mean_ttft: 0.5123456789,
  median_ttft: 0.480125,
  p99_ttft: 0.90175,
  mean_tpot: 0.01234567,
  median_tpot: 0.0119,
  median_intvty: 84.03361344537815,
  median_e2el: 11.80025,
};

/** A completed result; a row field set to undefined is missing. */
export function completed(
  overrides: Readonly<Record<string, Row[string] | undefined>> = {},
  marks: Mark[] = [],
): CompletedResult {
  const fields = Object.entries({ ...row, ...overrides }).filter(([, value]) => value !== undefined);
  const made = Object.fromEntries(fields) as Row & { readonly hw: string; readonly conc: number };
  return {
    ...base,
    name: `${made.hw}-conc${made.conc}`,
    job: { image: 'img' },
    state: 'completed',
    metrics: { median_ttft_ms: 480.125 },
    row: made,
    delivered: { offered: 640, sent: 640, completed: 640, failed: 0, peakInFlight: 64 },
    marks,
  };
}

export function failure(error: FailedResult['error']): FailedResult {
  return {
    ...base,
    name: 'h200-conc512',
    concurrency: 512,
    job: {
      'model-prefix': 'dsr1',
      framework: 'sglang',
      runner: 'h200',
      isl: 1024,
      osl: 1024,
      tp: 8,
      'dp-attn': true,
    },
    state: 'failed',
    error,
  };
}

export const run: RunInfo = {
  schema: 'sweepline.run/2',
  id: 'run-1',
  sweepline: '0.1.0',
  startedAt: '2026-02-03T04:05:06Z',
  state: 'finished',
  configFiles: ['configs/nvidia-master.yaml'],
  points: 2,
  outputs: [
    {
      key: 'median_ttft_ms',
      label: 'median TTFT',
      unit: 'ms',
      better: 'lower',
      definition: 'Sent to first chunk. Source: here.',
    },
    {
      key: 'p99_ttft_ms',
      label: 'p99 TTFT',
      unit: 'ms',
      better: 'lower',
      definition: 'Sent to first chunk. Source: here.',
    },
  ],
};

export function rejected(more: Partial<RejectedResult> = {}): RejectedResult {
  const error = { code: 'JOB_REJECTED', message: 'it has one device' };
  return { ...base, name: 'h200-conc32', job: {}, state: 'rejected', error, ...more };
}

export function skipped(more: Partial<SkippedResult> = {}): SkippedResult {
  const reason = { code: 'budget', message: 'its time is over (--max-hours 2)' } as const;
  return { ...base, name: 'h200-conc64', job: {}, state: 'skipped', reason, ...more };
}
