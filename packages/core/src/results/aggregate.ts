import { workerDevices } from '../matrix/devices.js';
import type { MetricOutput } from '../plugin/metric.js';
import { THROUGHPUT_KEYS } from '../plugin/row-keys.js';
import type { RawResult } from './raw-result.js';
import { identityOf } from './row-identity.js';
import type { MultiNodeParallelism, RowIdentity, SingleNodeParallelism } from './row-identity.js';
import { integer, invalid, number, positive, text } from './row-values.js';
import type { Row } from './schema.js';

export { identityOf, type RowIdentity };

/**
 * The `agg_*.json` row of a raw result, by the rule of InferenceX's process_result.py (February and August 2026): throughputs per
 * GPU in tokens/s, every key ending in `ms` in seconds, and for keys with `tpot` the interactivity in tokens/s/user. `outputs`
 * decides about custom metrics: it adds row-level numbers that this rule does not cover, and removes raw-level ones that it does.
 */
export function aggregate(raw: RawResult, identity: RowIdentity, outputs: readonly MetricOutput[] = []): Row {
  const held = new Set(outputs.filter(({ level }) => level === 'raw').map(({ key }) => key));
  const measured = Object.entries(raw).filter(([key]) => !held.has(key));
  const row: Row = Object.fromEntries([
    ...identityEntries(raw, identity),
    ...layoutEntries(identity.parallelism),
    ...throughputEntries(raw, identity.parallelism),
    ...hardwareEntries(identity.parallelism),
    ...measured.flatMap(([key, value]) => ruleEntries(key, value)),
  ]);
  return { ...row, ...customNumbers(raw, row, outputs) };
}

/** A row without numbers: of a server that was asked and not loaded. */
export function identityRow(
  { concurrency, model }: { readonly concurrency: number; readonly model: string },
  identity: RowIdentity,
): Row {
  return Object.fromEntries([
    ...identityEntries({ max_concurrency: concurrency, model_id: model }, identity),
    ...layoutEntries(identity.parallelism),
    ...hardwareEntries(identity.parallelism),
  ]);
}

type Entry = readonly [string, Row[string]];

/** Keys are in the original's order. */
function identityEntries(raw: Readonly<Record<string, unknown>>, identity: RowIdentity): Entry[] {
  const { hw, image, parallelism, recipe_fingerprint: fingerprint, ...rest } = identity;
  if (!parallelism.is_multinode && identity.disagg)
    throw invalid('disagg', "a single-node result can't be disaggregated");
  return [
    ['hw', text('hw', hw)],
    ['conc', Math.trunc(number('max_concurrency', raw['max_concurrency']))],
    ['image', text('image', image)],
    ['model', text('model_id', raw['model_id'])],
    ['infmax_model_prefix', text('infmax_model_prefix', rest.infmax_model_prefix)],
    ['framework', text('framework', rest.framework)],
    ['precision', text('precision', rest.precision)],
    ['spec_decoding', text('spec_decoding', rest.spec_decoding)],
    ['disagg', rest.disagg],
    ...(fingerprint === undefined ? [] : [['recipe_fingerprint', fingerprint] as const]),
    ['isl', integer('isl', rest.isl)],
    ['osl', integer('osl', rest.osl)],
    ...routerEntries(rest.router),
    ...(rest.kv_p2p_transfer === undefined ? [] : [['kv_p2p_transfer', rest.kv_p2p_transfer] as const]),
  ];
}

/** An object, as in the original: readers that convert text to numbers don't touch it. */
function routerEntries(router: RowIdentity['router']): Entry[] {
  if (router === undefined) return [];
  const { name, version } = router;
  const named = Object.entries({ name, ...(version === null ? {} : { version }) });
  for (const [key, value] of named) if (value === '') throw invalid(`router.${key}`, 'is empty');
  return [['router', Object.fromEntries(named)]];
}

/** Decode sizes of a row without decode workers, from August 2026 on. */
const NO_DECODE = { decode_tp: 0, decode_pp: 1, decode_dcp_size: 1, decode_pcp_size: 1, decode_ep: 0 };

function layoutEntries(parallelism: RowIdentity['parallelism']): Entry[] {
  const layout = parallelism.is_multinode ? multiNodeLayout(parallelism) : singleNodeLayout(parallelism);
  return Object.entries(layout).map(([key, value]): Entry => {
    if (typeof value === 'boolean') return [key, value];
    if (key.endsWith('dp_attention')) return [key, text(key, value)];
    return [key, /(^|_)(pp|dcp_size|pcp_size)$/.test(key) ? positive(key, value) : integer(key, value)];
  });
}

function singleNodeLayout({ devices: _, ...layout }: SingleNodeParallelism): object {
  return layout;
}

function multiNodeLayout({ prefill_hw: _, decode_hw: _hw, ...layout }: MultiNodeParallelism): object {
  const isEmpty = layout.num_decode_gpu === 0 && layout.decode_pp !== undefined;
  return isEmpty ? { ...layout, ...NO_DECODE } : layout;
}

function hardwareEntries(parallelism: RowIdentity['parallelism']): Entry[] {
  if (!parallelism.is_multinode) return [];
  const { prefill_hw: prefill, decode_hw: decode } = parallelism;
  if (prefill === undefined && decode === undefined) return [];
  return [
    ['prefill_hw', text('prefill_hw', prefill)],
    ['decode_hw', text('decode_hw', decode)],
  ];
}

type PerGpu = readonly [total: number | undefined, output: number | undefined, input: number | undefined];

function throughputEntries(raw: RawResult, parallelism: RowIdentity['parallelism']): Entry[] {
  const output = throughput(raw, 'output_throughput');
  const total = throughput(raw, 'total_token_throughput');
  const perGpu = parallelism.is_multinode
    ? multiNodeThroughput(parallelism, output, total)
    : singleNodeThroughput(parallelism, output, total);
  return THROUGHPUT_KEYS.map((key, index) => [key, perGpu[index]] as const).filter(
    (entry): entry is [(typeof THROUGHPUT_KEYS)[number], number] => entry[1] !== undefined,
  );
}

/** Sweepline leaves out unknown numbers; in any other raw result a missing throughput is an error. */
function throughput(raw: RawResult, key: string): number | undefined {
  return raw[key] === undefined && raw['sweepline'] !== undefined ? undefined : number(key, raw[key]);
}

function singleNodeThroughput(server: SingleNodeParallelism, output?: number, total?: number): PerGpu {
  const devices = server.devices ?? workerDevices({ ...server, 'pcp-size': server.pcp_size });
  const totalPerGpu = over(total, positive('tp', server.tp) && positive('devices', devices));
  const outputPerGpu = over(output, devices);
  // August subtracts before it divides, which may differ in the last digit.
  const inputPerGpu =
    server.pp === undefined
      ? difference(totalPerGpu, outputPerGpu)
      : over(difference(total, output), devices);
  return [totalPerGpu, outputPerGpu, inputPerGpu];
}

/** Total by all GPUs, output by decode GPUs (by all if there are none), input by prefill GPUs. */
function multiNodeThroughput(layout: MultiNodeParallelism, output?: number, total?: number): PerGpu {
  const all = layout.num_prefill_gpu + layout.num_decode_gpu;
  return [
    over(total, all),
    over(output, layout.num_decode_gpu === 0 ? all : layout.num_decode_gpu),
    over(difference(total, output), positive('num_prefill_gpu', layout.num_prefill_gpu)),
  ];
}

function over(value: number | undefined, gpus: number): number | undefined {
  return value === undefined ? undefined : value / gpus;
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}

/** The entries of a raw number in a row. */
export function ruleEntries(key: string, value: unknown): Entry[] {
  const entries: Entry[] = [];
  const name = key.replaceAll('_ms', '');
  if (key.endsWith('ms')) entries.push([name, number(key, value) / 1000]);
  if (key.includes('tpot')) {
    const tpotMs = number(key, value);
    // A time of zero gives no rate; the original divides by it and crashes.
    if (tpotMs !== 0) entries.push([name.replaceAll('tpot', 'intvty'), 1000 / tpotMs]);
  }
  return entries;
}

/** Numbers of metrics that the rule does not cover. */
export function customNumbers(raw: RawResult, row: Row, outputs: readonly MetricOutput[]): Row {
  const custom: Row = {};
  for (const { key, level = 'row' } of outputs) {
    const value = raw[key];
    if (level === 'raw' || key.endsWith('ms') || typeof value !== 'number') continue;
    if (key in row) throw invalid(key, 'a metric output has the name of a field of the row');
    custom[key] = value;
  }
  return custom;
}
