/** A row's keys of a server's or worker's sizes, with the matrix entry's; pp, dcp and pcp are in entries of 2026-08 only. */
export const SIZE_FIELDS = {
  tp: 'tp',
  pp: 'pp',
  dcp_size: 'dcp-size',
  pcp_size: 'pcp-size',
  ep: 'ep',
  dp_attention: 'dp-attn',
} as const;

/** The same of workers; rows have these after `prefill_` and `decode_`. */
export const WORKER_FIELDS = { ...SIZE_FIELDS, num_workers: 'num-worker' } as const;

/** Kinds of workers of a multi-node job. */
export const WORKER_KINDS = ['prefill', 'decode'] as const;

/** A row's keys of what was measured and where, with the matrix entry's; in the order of InferenceX's rows. */
export const POINT_FIELDS = {
  hw: 'runner',
  conc: 'conc',
  image: 'image',
  model: 'model',
  infmax_model_prefix: 'model-prefix',
  framework: 'framework',
  precision: 'precision',
  spec_decoding: 'spec-decoding',
  disagg: 'disagg',
  recipe_fingerprint: 'recipe-fingerprint',
  isl: 'isl',
  osl: 'osl',
  router: 'router',
  kv_p2p_transfer: 'kv-p2p-transfer',
} as const;

/** Keys of a multi-node row's layout that no key of a worker is behind. */
export const LAYOUT_KEYS = ['num_prefill_gpu', 'num_decode_gpu', 'prefill_hw', 'decode_hw'] as const;

export const THROUGHPUT_KEYS = ['tput_per_gpu', 'output_tput_per_gpu', 'input_tput_per_gpu'] as const;

/** What raw results hold in addition to metrics. */
export const RAW_KEYS = [
  'date',
  'backend',
  'model_id',
  'tokenizer_id',
  'best_of',
  'num_prompts',
  'request_rate',
  'burstiness',
  'max_concurrency',
  'sweepline',
] as const;

/** Keys of raw results and rows that say what was measured, and where: no metric's output may have one of them. */
export const RESERVED_OUTPUTS: ReadonlySet<string> = new Set([
  ...Object.keys(POINT_FIELDS),
  'is_multinode',
  ...Object.keys(SIZE_FIELDS),
  ...WORKER_KINDS.flatMap((kind) => Object.keys(WORKER_FIELDS).map((key) => `${kind}_${key}`)),
  ...LAYOUT_KEYS,
  ...THROUGHPUT_KEYS,
  ...RAW_KEYS,
]);
