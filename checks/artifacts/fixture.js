// @ts-check
/** A run of Sweepline's with what InferenceX's readers have to cope with, with numbers of our own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {Record<string, unknown>} Row */

const NUMBERS = {
  tput_per_gpu: 400.5,
  output_tput_per_gpu: 200.25,
  input_tput_per_gpu: 200.25,
  ...{ mean_ttft: 0.6, median_ttft: 0.5, p99_ttft: 2, mean_tpot: 0.021, median_tpot: 0.02 },
  ...{ median_intvty: 50, median_e2el: 20.5 },
};
const SHARED = {
  ...{ hw: 'b200', conc: 64, image: 'engine/server:v1', model: 'deepseek-ai/DeepSeek-R1-0528' },
  ...{ infmax_model_prefix: 'dsr1', framework: 'sglang', precision: 'fp8', spec_decoding: 'none' },
  ...{ disagg: false, isl: 1024, osl: 1024, is_multinode: false },
};
const SINGLE = { tp: 8, ep: 1, dp_attention: 'false' };
const SPLIT = {
  ...{ disagg: true, is_multinode: true, framework: 'dynamo-trt' },
  ...{
    prefill_tp: 4,
    prefill_ep: 4,
    prefill_dp_attention: 'true',
    prefill_num_workers: 2,
    num_prefill_gpu: 8,
  },
  ...{ decode_tp: 8, decode_ep: 8, decode_dp_attention: 'true', decode_num_workers: 1, num_decode_gpu: 8 },
};

/** Rows by name of their point. @type {Readonly<Record<string, Row>>} */
export const ROWS = {
  plain: { ...SHARED, ...SINGLE, ...NUMBERS },
  mtp: { ...SHARED, ...SINGLE, ...NUMBERS, spec_decoding: 'mtp', conc: 32 },
  'of-a-node': { ...SHARED, ...SINGLE, ...NUMBERS, hw: 'h200-cw_0', conc: 16 },
  'of-2026-08': {
    ...SHARED,
    ...SINGLE,
    ...NUMBERS,
    pp: 1,
    dcp_size: 1,
    pcp_size: 1,
    recipe_fingerprint: '3fa9',
    conc: 8,
  },
  disaggregated: { ...SHARED, ...SPLIT, ...NUMBERS, hw: 'gb200' },
  'disaggregated-mtp': {
    ...SHARED,
    ...SPLIT,
    ...NUMBERS,
    hw: 'gb300-nv_0',
    spec_decoding: 'mtp',
    precision: 'nvfp4',
  },
  'several-nodes': { ...SHARED, ...SPLIT, ...NUMBERS, disagg: false, framework: 'vllm', hw: 'mi355x' },
};

const ERROR = { code: 'SERVER_DIED', message: 'it died', layer: 'server-death' };
/** Points that have no row, or one that would be misread, by name. @type {Readonly<Record<string, object>>} */
export const WITHOUT_ROW = {
  failed: { state: 'failed', error: ERROR },
  interrupted: { state: 'interrupted' },
  unknown: completed({ ...ROWS['plain'], precision: 'int8', conc: 4 }),
  empty: completed({ ...SHARED, ...SPLIT, ...NUMBERS, num_decode_gpu: 0, conc: 4 }),
};

/** @param {Row} row */
function completed(row) {
  const delivered = { offered: 40, sent: 40, completed: 40, failed: 0, peakInFlight: 4 };
  return { state: 'completed', metrics: {}, marks: [], delivered, row };
}

/** @param {string} folder The run's. */
export function writeFixture(folder) {
  const points = Object.entries({
    ...Object.fromEntries(Object.entries(ROWS).map(([name, row]) => [name, completed(row)])),
    ...WITHOUT_ROW,
  });
  for (const [name, state] of points)
    write(join(folder, 'points', name, 'result.json'), {
      ...{ schema: 'sweepline.result/2', name, concurrency: 64, provenance: { sweepline: '1.0.0' } },
      ...{ startedAt: '2026-11-01T10:00:00.000Z', finishedAt: '2026-11-01T10:10:00.000Z' },
      job: { runner: 'b200', framework: 'sglang', precision: 'fp8' },
      ...state,
    });
  write(join(folder, 'run.json'), {
    ...{
      schema: 'sweepline.run/2',
      id: 'fixture',
      sweepline: '1.0.0',
      startedAt: '2026-11-01T10:00:00.000Z',
    },
    ...{ finishedAt: '2026-11-01T11:00:00.000Z', state: 'finished', configFiles: [], outputs: [] },
    ...{ points: points.length, pointNames: points.map(([name]) => name) },
  });
}

/** @param {string} file @param {unknown} content */
export function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}
