import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/matrix/job.js';
import { pointId } from '../../src/matrix/point-id.js';
import { pointName } from '../../src/plan/point-name.js';

const job = {
  image: 'vllm/vllm-openai:v0.15.1',
  model: 'org/model',
  'model-prefix': 'dsr1',
  precision: 'fp8',
  framework: 'vllm',
  runner: 'h200',
  isl: 1024,
  osl: 1024,
  'spec-decoding': 'none',
  'max-model-len': 2304,
  'exp-name': 'dsr1_1k1k',
  disagg: false,
  'run-eval': false,
  tp: 4,
  pp: 1,
  'dcp-size': 1,
  'pcp-size': 1,
  ep: 1,
  'dp-attn': false,
  conc: 8,
};
const worker = { 'num-worker': 1, tp: 4, ep: 4, 'dp-attn': true };
const SIZES = ['tp', 'pp', 'dcp-size', 'pcp-size', 'ep', 'dp-attn'];
const without = (keys: readonly string[]) =>
  Object.fromEntries(Object.entries(job).filter(([key]) => !keys.includes(key)));
const disagg = { ...without(SIZES), disagg: true, prefill: worker, decode: worker, conc: [8, 64] };

const id = (of: object, concurrency = 8, sku = 'h200') => pointId({ job: of as Job, concurrency }, sku);
const name = (of: object, concurrency = 8) => pointName({ job: of as Job, concurrency }, 'h200');

describe("a point's id", () => {
  const changes: readonly object[] = [
    { pp: 2 },
    { 'dcp-size': 4 },
    { 'pcp-size': 2 },
    { tp: 8 },
    { ep: 4 },
    { 'dp-attn': true },
    { image: 'vllm/vllm-openai:v0.16.0' },
    { model: 'org/other' },
    { 'max-model-len': 4096 },
    { options: { 'extra-args': ['--async-scheduling'] } },
    { options: { 'extra-args': [] } },
    { router: { name: 'vllm-router', version: '0.1.8' } },
    { 'spec-decoding': 'mtp' },
    { load: { arrival: { pattern: 'poisson', rate: 1 }, duration: 60 } },
    { load: { arrival: { pattern: 'poisson', rate: 2 }, duration: 60 } },
    { load: { arrival: { pattern: 'poisson', rate: 2 }, duration: 61 } },
    { load: { arrival: { pattern: 'poisson', rate: 2, seed: 1 }, duration: 60 } },
    { load: { arrival: { pattern: 'constant', rate: 2 }, duration: 60 } },
    { load: { workload: { kind: 'mooncake', path: 't.jsonl', sha256: 'a' } } },
    { load: { workload: { kind: 'mooncake', path: 't.jsonl', sha256: 'b' } } },
  ];

  it('differs wherever what is measured differs', () => {
    const ids = [{}, ...changes].map((change) => id({ ...job, ...change }));
    expect(new Set([...ids, id(job, 16), id(job, 8, 'h100')]).size).toBe(changes.length + 3);
  });

  it('differs wherever workers differ', () => {
    const sides = [
      { 'num-worker': 2 },
      { pp: 2 },
      { hardware: 'h100' },
      { 'additional-settings': ['DECODE_NODES=2'] },
    ];
    const ids = sides.flatMap((side) => [
      id({ ...disagg, prefill: { ...worker, ...side } }),
      id({ ...disagg, decode: { ...worker, ...side } }),
    ]);
    expect(new Set([...ids, id(disagg), id({ ...disagg, 'kv-p2p-transfer': 'nixl' })]).size).toBe(10);
  });

  it('stays the same for what only names a point, or is written in another way', () => {
    const same: readonly object[] = [
      Object.fromEntries(Object.entries(job).reverse()),
      without(['pp', 'dcp-size', 'pcp-size']),
      { ...job, options: {} },
      { ...job, 'exp-name': 'another', runner: 'h200-cw_0', 'run-eval': true },
      { ...job, conc: 64, 'recipe-fingerprint': 'f'.repeat(64), 'eval-only': false },
    ];
    expect(new Set(same.map((one) => id(one)))).toEqual(new Set([id(job)]));
    const trace = (path: string) => ({ ...job, load: { workload: { kind: 'mooncake', path, sha256: 'a' } } });
    expect(id(trace('data/t.jsonl'))).toBe(id(trace('/elsewhere/trace.jsonl')));
    expect(
      id({ ...disagg, conc: [8], decode: { ...worker, pp: 1, hardware: null, 'additional-settings': [] } }),
    ).toBe(id(disagg));
  });
});

describe("a point's name", () => {
  it("is InferenceX's, and the id after it", () => {
    expect(name(job)).toBe(
      `dsr1_1k1k_fp8_vllm_tp4-ep1-dpafalse_disagg-false_spec-none_conc8_h200_${id(job)}`,
    );
    expect(name(disagg, 64)).toBe(
      'dsr1_1k1k_fp8_vllm_prefill-tp4-ep4-dptrue-nw1_decode-tp4-ep4-dptrue-nw1_disagg-true_spec-none_conc64_h200_' +
        id(disagg, 64),
    );
  });

  it('names the load where it is another one', () => {
    const load = {
      workload: { kind: 'mooncake', path: 't', sha256: 'a' },
      arrival: { pattern: 'poisson', rate: 0.5 },
    };
    expect(name({ ...job, load })).toMatch(/_spec-none_conc8_mooncake_poisson-0\.5rps_h200_[0-9a-f]{12}$/);
  });

  it('keeps the id where the rest is too long for a file', () => {
    const long = { ...job, 'exp-name': 'x'.repeat(400) };
    expect(name(long).length).toBeLessThan(200);
    expect(name(long)).toMatch(new RegExp(`_conc8_h200_${id(long)}$`));
    expect(name(long)).not.toBe(name({ ...long, image: 'other' }));
  });
});
