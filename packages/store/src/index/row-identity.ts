import { number, text, type Json } from '../json.js';
import type { Identity } from './tables.js';

/** GPUs that InferenceX names, as the start of what its rows have as `hw`: a runner's label, or a node's name. */
const SKUS = ['gb200', 'gb300', 'b200', 'b300', 'h100', 'h200', 'mi300x', 'mi325x', 'mi355x'] as const;

/** The hardware that a row means by `hw`; a name that isn't known is left as it is, without the number of a node. */
export function skuOf(hw: string): string {
  const name = hw.toLowerCase();
  const known = SKUS.find((sku) => name === sku || name.startsWith(`${sku}-`) || name.startsWith(`${sku}_`));
  return known ?? name.replace(/_\d+$/, '');
}

/** What a row of InferenceX's, or one with its keys, says about its measurement. What it can't say is undefined. */
export function rowIdentity(row: Json): Identity {
  const hw = text(row['hw']);
  return {
    model: text(row['model']),
    infmax_model_prefix: text(row['infmax_model_prefix'] ?? row['model_prefix']),
    hw,
    sku: hw === undefined ? undefined : skuOf(hw),
    framework: text(row['framework'])?.toLowerCase(),
    precision: text(row['precision'])?.toLowerCase(),
    spec_decoding: text(row['spec_decoding']) || undefined,
    disagg: flag(row['disagg']),
    is_multinode: flag(row['is_multinode']),
    isl: count(row['isl']),
    osl: count(row['osl']),
    conc: count(row['conc']),
    load: text(row['load']),
    rate: number(row['rate']),
    tp: count(row['tp']),
    pp: count(row['pp']),
    dcp_size: count(row['dcp_size']),
    pcp_size: count(row['pcp_size']),
    ep: count(row['ep']),
    dp_attention: flag(row['dp_attention']),
    prefill_tp: count(row['prefill_tp']),
    prefill_ep: count(row['prefill_ep']),
    prefill_dp_attention: flag(row['prefill_dp_attention']),
    prefill_num_workers: count(row['prefill_num_workers']),
    num_prefill_gpu: count(row['num_prefill_gpu']),
    decode_tp: count(row['decode_tp']),
    decode_ep: count(row['decode_ep']),
    decode_dp_attention: flag(row['decode_dp_attention']),
    decode_num_workers: count(row['decode_num_workers']),
    num_decode_gpu: count(row['num_decode_gpu']),
    image: text(row['image']),
  };
}

/** Rows have them as text as well. */
function flag(value: unknown): boolean | undefined {
  if (value === true || value === 'true' || value === 'True') return true;
  return value === false || value === 'false' || value === 'False' ? false : undefined;
}

/** Rows have them as text as well. */
function count(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof parsed === 'number' && Number.isInteger(parsed) && parsed >= 0 ? parsed : undefined;
}
