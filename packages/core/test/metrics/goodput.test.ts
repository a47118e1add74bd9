import { expect, it } from 'vitest';
import type { RequestRecord } from '../../src/load/records/record.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { goodput } from '../../src/metrics/builtin/goodput.js';
import { failed, request, runOf } from './run.js';

const goodputOf = (requests: readonly RequestRecord[], slos: LoadSpec['slos']) => {
  const run = runOf(requests);
  return goodput.compute({ ...run, spec: { ...run.spec, slos } })['request_goodput'];
};

// Within two seconds: TTFT 50 and 150 ms, TPOT 40 and 20 ms, E2EL 250 ms both.
const requests = [request(), request({ chunkMs: [250, 350] })];

it('counts the requests that keep all objectives, a second', () => {
  expect(goodputOf(requests, { ttftMs: 150 })).toBe(1);
  expect(goodputOf(requests, { ttftMs: 149 })).toBe(0.5);
  expect(goodputOf(requests, { ttftMs: 149, tpotMs: 39 })).toBe(0);
  expect(goodputOf(requests, { e2elMs: 250 })).toBe(1);
  expect(goodputOf(requests, { e2elMs: 249 })).toBe(0);
  expect(goodputOf([...requests, failed()], { ttftMs: 1000 })).toBe(1);
});

it('takes a request of one token as one that keeps any time per token', () => {
  expect(goodputOf([request({ chunkMs: [150], outputTokens: 1 })], { tpotMs: 1 })).toBe(0.5);
});

it('says nothing without objectives, and nothing about times per token that it can not tell', () => {
  expect(goodputOf(requests, undefined)).toBeUndefined();
  expect(goodputOf(requests, {})).toBeUndefined();
  expect(goodputOf([request({ outputTokens: undefined })], { tpotMs: 100 })).toBeUndefined();
  expect(goodputOf([request({ outputTokens: undefined })], { ttftMs: 100 })).toBe(0.5);
});
