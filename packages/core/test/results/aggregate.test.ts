import { describe, expect, it } from 'vitest';
import { SweeplineError } from '../../src/errors.js';
import type { Job } from '../../src/matrix/job.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { computeMetrics } from '../../src/metrics/compute.js';
import { RESERVED_OUTPUTS, type MetricOutput } from '../../src/plugin/metric.js';
import { aggregate, identityOf, type RowIdentity } from '../../src/results/aggregate.js';
import { collectRows } from '../../src/results/repeats.js';
import { rawResult } from '../../src/results/raw-result.js';
import { request, runOf } from '../metrics/run.js';
import { completed } from '../report/results.js';

const job: Job = {
  image: 'host',
  model: 'org/model',
  'model-prefix': 'tiny',
  precision: 'fp16',
  framework: 'llamacpp',
  runner: 'cpu',
  isl: 10,
  osl: 6,
  'spec-decoding': 'none',
  'max-model-len': 100,
  'exp-name': 'tiny_10_6',
  disagg: false,
  'run-eval': false,
  tp: 2,
  ep: 1,
  'dp-attn': false,
  conc: 2,
};
const identity = identityOf(job, 'cpu');
const raw = { model_id: 'org/model', max_concurrency: 2, output_throughput: 40, total_token_throughput: 100 };

const output = (key: string, level?: 'row' | 'raw'): MetricOutput => ({
  key,
  label: key,
  unit: '',
  better: 'neither',
  definition: '',
  ...(level === undefined ? {} : { level }),
});

describe('a row', () => {
  it('says what the job was', () => {
    expect(aggregate(raw, identity)).toEqual({
      hw: 'cpu',
      conc: 2,
      image: 'host',
      model: 'org/model',
      infmax_model_prefix: 'tiny',
      framework: 'llamacpp',
      precision: 'fp16',
      spec_decoding: 'none',
      disagg: false,
      isl: 10,
      osl: 6,
      is_multinode: false,
      tp: 2,
      ep: 1,
      dp_attention: 'false',
      tput_per_gpu: 50,
      output_tput_per_gpu: 20,
      input_tput_per_gpu: 30,
    });
  });

  it('leaves interactivity out where TPOT is zero', () => {
    const row = aggregate({ ...raw, std_tpot_ms: 0, mean_tpot_ms: 20 }, identity);
    expect(row).toMatchObject({ std_tpot: 0, mean_tpot: 0.02, mean_intvty: 50 });
    expect(row).not.toHaveProperty('std_intvty');
  });

  it('adds row-level numbers that the rule does not cover, and holds raw-level ones back', () => {
    const more = { ...raw, goodput: 0.5, energy_j: 7, stall_ms: 4, secret_ms: 9, absent: undefined };
    const outputs = [
      output('goodput'),
      output('energy_j', 'raw'),
      output('stall_ms'),
      output('secret_ms', 'raw'),
    ];
    const row = aggregate(more, identity, [...outputs, output('absent')]);
    expect(row).toMatchObject({ goodput: 0.5, stall: 0.004 });
    for (const key of ['energy_j', 'secret', 'absent']) expect(row).not.toHaveProperty(key);
  });

  it('takes numbers written as text, and no other text', () => {
    expect(aggregate({ ...raw, max_concurrency: '128', mean_itl_ms: ' 2.5e1 ' }, identity)).toMatchObject({
      conc: 128,
      mean_itl: 0.025,
    });
  });

  it.each([
    ['null', { mean_itl_ms: null }],
    ['empty text', { mean_itl_ms: '' }],
    ['words', { mean_itl_ms: 'fast' }],
    ['a boolean', { mean_itl_ms: true }],
    ['infinity', { mean_itl_ms: 'Infinity' }],
    ['a missing throughput', { output_throughput: undefined }],
    ['a missing model', { model_id: undefined }],
  ])('refuses %s', (_, overrides) => {
    expect(() => aggregate({ ...raw, ...overrides }, identity)).toThrow(SweeplineError);
  });

  it.each<[string, Partial<RowIdentity>]>([
    ['no devices', { parallelism: { is_multinode: false, tp: 0, ep: 1, dp_attention: 'false' } }],
    ['half a device', { parallelism: { is_multinode: false, tp: 0.5, ep: 1, dp_attention: 'false' } }],
    ['a disaggregated single node', { disagg: true }],
    ['a length that is none', { isl: NaN }],
    ['a missing image', { image: undefined }],
  ])('refuses %s', (_, overrides) => {
    expect(() => aggregate(raw, { ...identity, ...overrides })).toThrow(SweeplineError);
  });

  it('refuses a metric that would replace a field', () => {
    expect(() => aggregate({ ...raw, conc: 3 }, identity, [output('conc')])).toThrow(/conc/);
  });

  it('divides multi-node throughput by the GPUs that make it', () => {
    const layout = {
      is_multinode: true,
      prefill_tp: 4,
      prefill_ep: 1,
      prefill_dp_attention: 'true',
      prefill_num_workers: 1,
      decode_tp: 0,
      decode_ep: 0,
      decode_dp_attention: 'false',
      decode_num_workers: 0,
      num_prefill_gpu: 4,
      num_decode_gpu: 0,
    } as const;
    const multi = { ...identity, disagg: true, parallelism: layout };
    expect(aggregate(raw, multi)).toMatchObject({
      tput_per_gpu: 25,
      output_tput_per_gpu: 10,
      input_tput_per_gpu: 15,
    });
    const none = { ...multi, parallelism: { ...layout, num_prefill_gpu: 0, num_decode_gpu: 4 } };
    expect(() => aggregate(raw, none)).toThrow(/num_prefill_gpu/);
  });
});

describe('rows of jobs of 2026-08', () => {
  const sizes = { pp: 2, 'dcp-size': 2, 'pcp-size': 2 };
  const august = { ...job, ...sizes } as Job;
  const worker = { 'num-worker': 2, tp: 1, ...sizes, ep: 8, 'dp-attn': true };
  const disagg = {
    ...Object.fromEntries(Object.entries(job).filter(([key]) => !['tp', 'ep', 'dp-attn'].includes(key))),
    disagg: true,
    conc: [2],
    prefill: { ...worker, 'num-worker': 1 },
    decode: worker,
    router: { name: 'vllm-router', version: '0.1.8' },
    'kv-p2p-transfer': 'nixl',
    'recipe-fingerprint': 'ab',
  } as unknown as Job;

  it('have all sizes, and are divided by all devices', () => {
    const row = aggregate(raw, identityOf(august, 'h100'));
    expect(row).toMatchObject({ tp: 2, pp: 2, dcp_size: 2, pcp_size: 2, recipe_fingerprint: '' });
    expect(row).toMatchObject({ tput_per_gpu: 12.5, output_tput_per_gpu: 5, input_tput_per_gpu: 7.5 });
  });

  it('have sizes of both kinds of workers, the router and the transfer', () => {
    const row = aggregate(raw, identityOf(disagg, 'h100'));
    expect(row).toMatchObject({
      ...{ prefill_pp: 2, prefill_dcp_size: 2, prefill_pcp_size: 2, num_prefill_gpu: 8 },
      ...{ decode_pp: 2, decode_dcp_size: 2, decode_pcp_size: 2, num_decode_gpu: 16 },
      recipe_fingerprint: 'ab',
      router: { name: 'vllm-router', version: '0.1.8' },
      kv_p2p_transfer: 'nixl',
    });
    expect(row['tput_per_gpu']).toBeCloseTo(100 / 24, 12);
  });

  it('are divided by what was laid out, where that is known', () => {
    const devices = { total: 10, prefill: 2, decode: 8 };
    expect(aggregate(raw, identityOf(august, 'h100', devices))).toMatchObject({ tput_per_gpu: 10 });
    const row = aggregate(raw, identityOf(disagg, 'h100', devices));
    expect(row).toMatchObject({ num_prefill_gpu: 2, num_decode_gpu: 8, tput_per_gpu: 10 });
  });

  it('have no key that a metric could take', () => {
    for (const of of [job, august, disagg]) {
      const row = aggregate(raw, identityOf(of, 'h100'));
      expect(Object.keys(row).filter((key) => !RESERVED_OUTPUTS.has(key))).toEqual([]);
    }
  });
});

describe('a raw result', () => {
  const run = runOf([request(), request()]);
  const { values } = computeMetrics(run, builtinMetrics);

  it("has benchmark_serving.py's keys", () => {
    const result = rawResult({
      run,
      values,
      intervals: {},
      modelId: 'org/model',
      extras: { cluster: 'lab' },
    });
    expect(result).toMatchObject({
      date: '20260203-040508',
      backend: 'openai',
      model_id: 'org/model',
      tokenizer_id: null,
      best_of: 1,
      num_prompts: 2,
      request_rate: 'inf',
      burstiness: 1,
      max_concurrency: 2,
      completed: 2,
      median_ttft_ms: 50,
      sweepline: { cluster: 'lab', client: { name: 'sweepline-load 0' } },
    });
    expect(Object.keys(result).some((key) => key.includes('goodput'))).toBe(false);
  });

  it('becomes a row in seconds', () => {
    const row = aggregate(rawResult({ run, values, intervals: {}, modelId: 'm' }), identity);
    expect(row).toMatchObject({
      conc: 2,
      median_ttft: 0.05,
      median_e2el: 0.25,
      median_intvty: 25,
      tput_per_gpu: 8,
    });
    expect(row).not.toHaveProperty('completed');
  });

  it('without usage becomes a row without throughput', () => {
    const silent = runOf([request({ outputTokens: undefined })]);
    const { values: fewer } = computeMetrics(silent, builtinMetrics);
    const row = aggregate(rawResult({ run: silent, values: fewer, intervals: {}, modelId: 'm' }), identity);
    expect(row).toMatchObject({ median_ttft: 0.05 });
    expect(Object.keys(row).filter((key) => /tput|intvty|tpot/.test(key))).toEqual([]);
  });
});

describe('collected rows', () => {
  it('are valid ones, in the order of the summary', () => {
    const results = [
      completed({ hw: 'h200', conc: 64 }),
      completed({ hw: 'h200', conc: 8 }),
      completed({ hw: 'b200', conc: 128 }),
      completed({ hw: 'a100', conc: 1 }, [{ code: 'incomplete', severity: 'invalid', message: '' }]),
    ];
    expect(collectRows(results).map(({ hw, conc }) => [hw, conc])).toEqual([
      ['b200', 128],
      ['h200', 8],
      ['h200', 64],
    ]);
  });
});
