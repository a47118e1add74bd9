import { SweeplineError } from '../errors.js';
import { FIELD } from '../config/fields.js';
import type { Worker } from '../config/model.js';
import {
  isFixedSeqLen,
  isMultiNode,
  type Job,
  type MultiNodeJob,
  type SingleNodeJob,
} from '../matrix/job.js';
import type { MetricOutput } from '../plugin/metric.js';
import type { RawResult } from './raw-result.js';
import type { Row } from './schema.js';

/** One server on one node: GPUs used = `tp`. */
export interface SingleNodeParallelism {
  readonly is_multinode: false;
  readonly tp: number;
  readonly ep: number;
  /** `"true"` or `"false"`: a string in InferenceX's rows. */
  readonly dp_attention: string;
}

/** Prefill and decode workers, possibly on several nodes. GPU counts are over all workers of a kind. */
export interface MultiNodeParallelism {
  readonly is_multinode: true;
  readonly prefill_tp: number;
  readonly prefill_ep: number;
  readonly prefill_dp_attention: string;
  readonly prefill_num_workers: number;
  readonly decode_tp: number;
  readonly decode_ep: number;
  readonly decode_dp_attention: string;
  readonly decode_num_workers: number;
  readonly num_prefill_gpu: number;
  readonly num_decode_gpu: number;
}

/** What a row says about its point beside what was measured; model and concurrency are the raw result's. */
export interface RowIdentity {
  readonly hw: string;
  readonly image: string;
  readonly infmax_model_prefix: string;
  readonly framework: string;
  readonly precision: string;
  readonly spec_decoding: string;
  readonly disagg: boolean;
  readonly isl: number;
  readonly osl: number;
  readonly parallelism: SingleNodeParallelism | MultiNodeParallelism;
}

/** @throws {SweeplineError} RESULT_INVALID for jobs whose rows have another shape. */
export function identityOf(job: Job, hw: string): RowIdentity {
  if (!isFixedSeqLen(job))
    throw invalid(FIELD.scenarioType, `rows of ${job[FIELD.scenarioType]} are not known`);
  return {
    hw,
    image: job[FIELD.image],
    infmax_model_prefix: job[FIELD.modelPrefix],
    framework: job[FIELD.framework],
    precision: job[FIELD.precision],
    spec_decoding: job[FIELD.specDecoding],
    disagg: job[FIELD.disagg],
    isl: job[FIELD.isl],
    osl: job[FIELD.osl],
    parallelism: isMultiNode(job) ? multiNodeParallelism(job) : singleNodeParallelism(job),
  };
}

function singleNodeParallelism(job: SingleNodeJob): SingleNodeParallelism {
  return {
    is_multinode: false,
    tp: job[FIELD.tp],
    ep: job[FIELD.ep],
    dp_attention: String(job[FIELD.dpAttn]),
  };
}

function multiNodeParallelism({ prefill, decode }: MultiNodeJob): MultiNodeParallelism {
  return {
    is_multinode: true,
    prefill_tp: prefill[FIELD.tp],
    prefill_ep: prefill[FIELD.ep],
    prefill_dp_attention: String(prefill[FIELD.dpAttn]),
    prefill_num_workers: prefill[FIELD.numWorker],
    decode_tp: decode[FIELD.tp],
    decode_ep: decode[FIELD.ep],
    decode_dp_attention: String(decode[FIELD.dpAttn]),
    decode_num_workers: decode[FIELD.numWorker],
    num_prefill_gpu: gpusOf(prefill),
    num_decode_gpu: gpusOf(decode),
  };
}

function gpusOf(worker: Worker): number {
  return worker[FIELD.numWorker] * worker[FIELD.tp] * (worker[FIELD.pp] ?? 1) * (worker[FIELD.pcpSize] ?? 1);
}

/**
 * The `agg_*.json` row of a raw result, by the rule of InferenceX's process_result.py (February 2026): throughputs per
 * GPU in tokens/s, every key ending in `ms` in seconds, and for keys with `tpot` the interactivity in tokens/s/user.
 * `outputs` adds row-level numbers that this rule does not cover, and holds back raw-level ones that it does.
 */
export function aggregate(raw: RawResult, identity: RowIdentity, outputs: readonly MetricOutput[] = []): Row {
  const held = new Set(outputs.filter(({ level }) => level === 'raw').map(({ key }) => key));
  const measured = Object.entries(raw).filter(([key]) => !held.has(key));
  const row: Row = Object.fromEntries([
    ...identityEntries(raw, identity),
    ...throughputEntries(raw, identity.parallelism),
    ...measured.flatMap(([key, value]) => ruleEntries(key, value)),
  ]);
  return { ...row, ...customNumbers(raw, row, outputs) };
}

type Entry = readonly [string, string | number | boolean];

/** Key order is the original's. */
function identityEntries(raw: RawResult, identity: RowIdentity): Entry[] {
  const { hw, image, parallelism, ...rest } = identity;
  const { is_multinode, ...layout } = parallelism;
  if (!is_multinode && identity.disagg)
    throw invalid('disagg', 'a single-node result can not be disaggregated');
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
    ['isl', integer('isl', rest.isl)],
    ['osl', integer('osl', rest.osl)],
    ['is_multinode', is_multinode],
    ...Object.entries(layout).map(([key, value]): Entry => [key, layoutField(key, value)]),
  ];
}

function layoutField(key: string, value: unknown): string | number {
  return key.endsWith('dp_attention') ? text(key, value) : integer(key, value);
}

function throughputEntries(raw: RawResult, parallelism: RowIdentity['parallelism']): Entry[] {
  const output = throughput(raw, 'output_throughput');
  const total = throughput(raw, 'total_token_throughput');
  const perGpu = parallelism.is_multinode
    ? multiNodeThroughput(parallelism, output, total)
    : singleNodeThroughput(parallelism, output, total);
  return Object.entries(perGpu).filter((entry): entry is [string, number] => entry[1] !== undefined);
}

/** Sweepline leaves out what it could not tell; in any other raw result a missing throughput is a defect. */
function throughput(raw: RawResult, key: string): number | undefined {
  return raw[key] === undefined && raw['sweepline'] !== undefined ? undefined : number(key, raw[key]);
}

type PerGpu = Readonly<Record<string, number | undefined>>;

function singleNodeThroughput({ tp }: SingleNodeParallelism, output?: number, total?: number): PerGpu {
  const totalPerGpu = over(total, positive('tp', tp));
  const outputPerGpu = over(output, tp);
  return {
    tput_per_gpu: totalPerGpu,
    output_tput_per_gpu: outputPerGpu,
    input_tput_per_gpu: difference(totalPerGpu, outputPerGpu),
  };
}

/** Total by all GPUs, output by decode GPUs (by all where there are none), input by prefill GPUs. */
function multiNodeThroughput(layout: MultiNodeParallelism, output?: number, total?: number): PerGpu {
  const all = layout.num_prefill_gpu + layout.num_decode_gpu;
  return {
    tput_per_gpu: over(total, all),
    output_tput_per_gpu: over(output, layout.num_decode_gpu === 0 ? all : layout.num_decode_gpu),
    input_tput_per_gpu: over(difference(total, output), positive('num_prefill_gpu', layout.num_prefill_gpu)),
  };
}

function over(value: number | undefined, gpus: number): number | undefined {
  return value === undefined ? undefined : value / gpus;
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}

function ruleEntries(key: string, value: unknown): Entry[] {
  const entries: Entry[] = [];
  const name = key.replaceAll('_ms', '');
  if (key.endsWith('ms')) entries.push([name, number(key, value) / 1000]);
  if (key.includes('tpot')) {
    const tpotMs = number(key, value);
    // No rate can be told from a time of zero; the original divides by it and crashes.
    if (tpotMs !== 0) entries.push([name.replaceAll('tpot', 'intvty'), 1000 / tpotMs]);
  }
  return entries;
}

function customNumbers(raw: RawResult, row: Row, outputs: readonly MetricOutput[]): Row {
  const custom: Row = {};
  for (const { key, level = 'row' } of outputs) {
    const value = raw[key];
    if (level === 'raw' || key.endsWith('ms') || typeof value !== 'number') continue;
    if (key in row) throw invalid(key, 'a metric output has the name of a field of the row');
    custom[key] = value;
  }
  return custom;
}

function text(key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(key, value === undefined ? 'is missing' : `is not text: ${JSON.stringify(value)}`);
}

/** Numbers, and text that is one: other tools' raw results have both. */
function number(key: string, value: unknown): number {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof parsed === 'number' && Number.isFinite(parsed)) return parsed;
  throw invalid(key, value === undefined ? 'is missing' : `is not a number: ${JSON.stringify(value)}`);
}

function integer(key: string, value: unknown): number {
  if (Number.isInteger(value)) return value as number;
  throw invalid(key, value === undefined ? 'is missing' : `is not an integer: ${JSON.stringify(value)}`);
}

function positive(key: string, value: number): number {
  if (integer(key, value) > 0) return value;
  throw invalid(key, `must be greater than 0: ${value}`);
}

function invalid(key: string, problem: string): SweeplineError {
  return new SweeplineError('RESULT_INVALID', `no row can be made of this result: ${key}: ${problem}`, {
    where: { key },
  });
}
