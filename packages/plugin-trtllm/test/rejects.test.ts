import { type FrameworkPlugin, type Job, type PlanContext, type Sku } from '@sweepline/core';
import { expect, it } from 'vitest';
import { trtllm } from '../dist/index.js';
import { job } from './plans.js';

const h200: Sku = { name: 'h200', vendor: 'nvidia', device: 'gpu', devicesPerNode: 8, sources: [] };

const plugin: FrameworkPlugin = trtllm;
const rejection = (of: object, sku = h200) =>
  plugin.rejects?.({ job: of as Job, sku, strict: false } as PlanContext);

it.each([
  [{ tp: 16, ep: 16 }, /16 devices.* has 8/, { tp: 8, ep: 8 }],
  [{ tp: 8, pp: 2 }, /16 devices/, { tp: 8, pp: 1, ep: 1 }],
  [{ tp: 4, ep: 8 }, /ep 8 does not divide tp 4/, { ep: 4 }],
  [{ tp: 8, ep: 3 }, /ep 3 does not divide tp 8/, { ep: 2 }],
  [{ tp: 16, ep: 3 }, /16 devices.*; ep 3/, { tp: 8, ep: 2 }],
  [{ tp: 1, 'dp-attn': true }, /over tp, which is 1/, { 'dp-attn': false }],
  [{ 'pcp-size': 2 }, /context parallelism/, { 'dcp-size': 1, 'pcp-size': 1 }],
  [{ 'spec-decoding': 'draft_model' }, /draft model/, { 'spec-decoding': 'none' }],
  [{ disagg: true }, /split prefill from decode/, { disagg: false }],
])('rejects %j', (changes, reason, nearest) => {
  expect(rejection(job(changes))).toEqual({ reason: expect.stringMatching(reason) as string, nearest });
});

it('takes what TensorRT-LLM can do', () => {
  const drafting = { config: { speculative_config: { decoding_type: 'Eagle' } } };
  const jobs = [
    { tp: 4, ep: 2, 'dp-attn': true },
    { tp: 4, pp: 2 },
    { 'spec-decoding': 'mtp' },
    { 'spec-decoding': 'draft_model', options: drafting },
  ];
  expect(jobs.map((changes) => rejection(job(changes)))).toEqual(jobs.map(() => undefined));
});

it('takes neither other devices nor other jobs', () => {
  expect(rejection(job(), { ...h200, name: 'mi355x', vendor: 'amd' })?.reason).toMatch(/NVIDIA.*mi355x/);
  const { tp: _, ...rest } = job() as { tp: number };
  const worker = { 'num-worker': 1, tp: 8, ep: 8, 'dp-attn': false };
  expect(rejection({ ...rest, prefill: worker, decode: worker })?.reason).toMatch('on one node only');
});
