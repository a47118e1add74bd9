/** Rows as InferenceX writes them, with numbers of our own. */

export const NUMBERS = {
  tput_per_gpu: 400.5,
  output_tput_per_gpu: 200.25,
  input_tput_per_gpu: 200.25,
  median_ttft: 0.5,
  p99_ttft: 2,
  median_tpot: 0.02,
  median_intvty: 50,
  median_e2el: 20.5,
};

/** Of one node, with the keys of 2026-02. */
export function row(more: object = {}) {
  return {
    hw: 'b200',
    conc: 64,
    image: 'engine/server:v1',
    model: 'example/Model-R1',
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
    ...NUMBERS,
    ...more,
  };
}

/** Prefill and decode on nodes of their own. */
export function disaggregated(more: object = {}) {
  const shared = { ...row(), tp: undefined, ep: undefined, dp_attention: undefined };
  return {
    ...shared,
    ...{ disagg: true, is_multinode: true, framework: 'dynamo-sglang' },
    ...{
      prefill_tp: 4,
      prefill_ep: 1,
      prefill_dp_attention: 'true',
      prefill_num_workers: 2,
      num_prefill_gpu: 8,
    },
    ...{ decode_tp: 8, decode_ep: 8, decode_dp_attention: 'true', decode_num_workers: 1, num_decode_gpu: 8 },
    ...more,
  };
}

/** Of an engine that stood still for a minute. */
export const STALLED = { p99_ttft: 71.2, median_ttft: 0.6 };

/** A row of the dashboard's API: that of row(), of another run. */
export function apiRow(more: object = {}) {
  const sizes = { tp: 8, ep: 1, dp_attention: false, num_workers: 0 };
  const of = (role: string) =>
    Object.fromEntries(Object.entries(sizes).map(([key, value]) => [`${role}_${key}`, value]));
  return {
    ...{ hardware: 'b200', framework: 'sglang', model: 'dsr1', precision: 'fp8', spec_method: 'none' },
    ...{ disagg: false, is_multinode: false, ...of('prefill'), ...of('decode') },
    ...{ num_prefill_gpu: 8, num_decode_gpu: 8, isl: 1024, osl: 1024, conc: 64, image: 'engine/server:v2' },
    ...{ metrics: NUMBERS, workers: null, date: '2026-06-11' },
    run_url: 'https://github.com/example/bench/actions/runs/27213443242/attempts/1',
    ...more,
  };
}
