import { describe, expect, it } from 'vitest';
import type { RequestRecord, RunRecord } from '../../src/load/record.js';
import { deliveredOf } from '../../src/metrics/delivered.js';
import { marksOf } from '../../src/metrics/marks.js';
import { failed, request, runOf } from './run.js';

const marks = (requests: readonly RequestRecord[], overrides: Partial<RunRecord> = {}) =>
  marksOf(runOf(requests, overrides)).map(({ code, severity }) => `${severity} ${code}`);

const many = (count: number, overrides: Partial<RequestRecord> = {}) =>
  Array.from({ length: count }, (_, index) => request({ index, ...overrides }));

const client = (overrides: Partial<RunRecord['client']>) => ({
  client: { ...runOf([]).client, ...overrides },
});

it('leaves a sound run unmarked', () => {
  expect(marks(many(20))).toEqual([]);
});

describe('requests', () => {
  it('notes a few failures, and refuses many', () => {
    expect(marks([...many(19), failed()])).toEqual(['note failed-requests']);
    expect(marks([...many(18), failed(), failed()])).toEqual(['invalid failed-requests']);
  });

  it('refuses a run without any completed request', () => {
    expect(marks([failed()])).toEqual(['invalid no-completed-request', 'invalid failed-requests']);
  });

  it('refuses an incomplete run', () => {
    expect(marks(many(3), { complete: false })).toEqual(['invalid incomplete']);
  });

  it('counts what was delivered', () => {
    const run = runOf([request(), failed(), failed({ sentMs: 3 })]);
    expect(deliveredOf(run)).toEqual({ offered: 3, sent: 2, completed: 1, failed: 2, peakInFlight: 2 });
  });
});

describe('the server', () => {
  it('notes missing usage', () => {
    expect(marks([...many(5), request({ outputTokens: undefined })])).toEqual(['note missing-usage']);
  });

  it('notes outputs of another length in more than 0.1 % of requests', () => {
    const short = request({ outputTokens: 5 });
    expect(marks([...many(999), short])).toEqual([]);
    expect(marks([...many(998), short])).toEqual(['note short']);
    expect(marks([request({ outputTokens: 7 })])).toEqual(['note short']);
  });

  it('accepts a constant number of special tokens, and notes anything else', () => {
    expect(marks(many(3, { serverPromptTokens: 12 }))).toEqual([]);
    expect(marks([request(), request({ serverPromptTokens: 10 })])).toEqual(['note prompt-count']);
    expect(marks(many(3, { serverPromptTokens: 5 }))).toEqual(['note prompt-count']);
    expect(marks(many(3, { serverPromptTokens: 40 }))).toEqual(['note prompt-count']);
  });

  it('accepts a chat template of any constant size', () => {
    const { spec } = runOf(many(3));
    const chat = { spec: { ...spec, endpoint: { ...spec.endpoint, api: 'chat' as const } } };
    expect(marks(many(3, { serverPromptTokens: 40 }), chat)).toEqual([]);
  });

  it('notes prompts that missed the length asked for', () => {
    const text = { promptTokens: undefined, requestedPromptTokens: 100 };
    expect(marks(many(2, { ...text, serverPromptTokens: 101 }))).toEqual([]);
    expect(marks(many(2, { ...text, serverPromptTokens: 110 }))).toEqual(['note prompt-length']);
  });

  it('refuses responses that were held back', () => {
    expect(marks(many(2, { chunkMs: [300] }))).toEqual(['invalid not-streamed']);
    expect(marks(many(2, { chunkMs: [300], outputTokens: 1, requestedOutputTokens: 1 }))).toEqual([]);
  });
});

describe('the client', () => {
  it('refuses more in flight than asked for', () => {
    expect(marks(many(3), client({ peakInFlight: 3 }))).toEqual(['invalid over-concurrency']);
  });

  it('refuses a client that could not keep up', () => {
    const lag = { mean: 5, p99: 30, max: 90 };
    expect(marks(many(3), client({ eventLoopLagMs: lag }))).toEqual(['invalid slow-client']);
    expect(marks(many(3), client({ sendLagMs: { mean: 25, max: 60 } }))).toEqual(['invalid slow-client']);
  });

  it('measures its lag by the TTFT', () => {
    const slowServer = many(3, { chunkMs: [1100, 1200] });
    expect(marks(slowServer, client({ eventLoopLagMs: { mean: 5, p99: 45, max: 90 } }))).toEqual([]);
  });

  it('says nothing about a lag that is not known', () => {
    expect(marks(many(3), client({ eventLoopLagMs: undefined }))).toEqual([]);
  });
});
