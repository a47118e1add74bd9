import { type FrameworkPlugin, type Job, type PlanContext, type Sku } from '@sweepline/core';
import { expect, it } from 'vitest';
import { sglang, sglangDisagg } from '../dist/index.js';
import { disaggJob, job } from './plans.js';

const sku: Sku = { name: 'mi355x', vendor: 'amd', device: 'gpu', devicesPerNode: 8, sources: [] };

const rejection = (plugin: FrameworkPlugin, of: object) =>
  plugin.rejects?.({ job: of as Job, sku, strict: false, options: {} } as PlanContext);

it.each([
  [{ tp: 16 }, /16 devices.* has 8/, { tp: 8, ep: 1 }],
  [{ tp: 8, pp: 2 }, /16 devices/, { tp: 8, pp: 1, ep: 1 }],
  [{ tp: 4, ep: 8 }, /ep 8 does not divide tp 4/, { tp: 8, ep: 8 }],
  [{ tp: 8, ep: 3 }, /ep 3 does not divide tp 8/, { tp: 8, ep: 2 }],
  [{ tp: 1, 'dp-attn': true }, /needs a tp above 1/, { tp: 8 }],
  [{ 'dcp-size': 2 }, /context parallelism/, { 'dcp-size': 1, 'pcp-size': 1 }],
  [{ 'spec-decoding': 'draft_model' }, /draft model/, { 'spec-decoding': 'none' }],
  [{ disagg: true }, /split prefill from decode/, { disagg: false }],
])('one node: %j', (changes, reason, nearest) => {
  expect(rejection(sglang, job(changes))).toEqual({
    reason: expect.stringMatching(reason) as string,
    nearest,
  });
});

it('one node: takes what SGLang can do', () => {
  const drafting = { 'extra-args': ['--speculative-draft-model-path', 'acme/draft'] };
  const jobs = [
    { tp: 4, ep: 2, 'dp-attn': true },
    { tp: 4, pp: 2 },
    { 'spec-decoding': 'draft_model', options: drafting },
  ];
  expect(jobs.map((changes) => rejection(sglang, job(changes)))).toEqual([undefined, undefined, undefined]);
  expect(rejection(sglang, disaggJob())?.reason).toMatch('on one node only');
});

const SUBMIT = { options: { launch: 'submit' } };
it.each([
  [disaggJob({}, { tp: 12 }), /12 devices are not whole nodes of 8/, { prefill: { tp: 16 } }],
  [disaggJob({}, { tp: 8, ep: 3 }), /ep 3 does not divide the 8 devices/, { prefill: { ep: 2 } }],
  [disaggJob({}, {}, { 'num-worker': 0 }), /needs a decode worker/, { decode: { 'num-worker': 1 } }],
  [disaggJob({}, { tp: 1, 'dp-attn': true }), /more than the one device/, { prefill: { 'dp-attn': false } }],
  [
    disaggJob(SUBMIT, {}, { 'num-worker': 1 }),
    /DECODE_NODES=2 gives decode workers other than 8 devices each/,
    { decode: { 'additional-settings': ['DECODE_NODES=1'] } },
  ],
  [disaggJob(SUBMIT, { tp: 4 }), /PREFILL_NODES=1/, { options: { launch: 'native' } }],
])('prefill and decode apart %#', (of, reason, nearest) => {
  expect(rejection(sglangDisagg, of)).toEqual({ reason: expect.stringMatching(reason) as string, nearest });
});

it('prefill and decode apart: takes workers whose experts need more devices than their tp', () => {
  expect(rejection(sglangDisagg, disaggJob({}, { tp: 1, ep: 8 }, { tp: 1, ep: 8 }))).toBeUndefined();
  expect(rejection(sglangDisagg, job())?.reason).toMatch('prefill and decode workers only');
});
