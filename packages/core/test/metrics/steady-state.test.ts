import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/load/records/record.js';
import { steadyState } from '../../src/metrics/builtin/steady-state.js';
import { throughput } from '../../src/metrics/builtin/throughput.js';
import { steadyWindowOf } from '../../src/metrics/steady-window.js';
import { failed, request, runOf } from './run.js';

const CHUNKS = 10;

/** A request of 10 chunks with two tokens each, the first after `prefillMs`, one every 10 ms. */
function stream(sentMs: number, prefillMs: number, overrides: Partial<RequestRecord> = {}): RequestRecord {
  const chunkMs = Array.from({ length: CHUNKS }, (_, i) => sentMs + prefillMs + 10 * i);
  return request({
    scheduledMs: sentMs,
    sentMs,
    chunkMs,
    doneMs: chunkMs[CHUNKS - 1],
    promptTokens: 100,
    outputTokens: 2 * CHUNKS,
    ...overrides,
  });
}

/**
 * Two slots in turn: a first wave with a long prefill, `waves` of 100 ms per request, and a last request alone. In the steady
 * part, each slot gives 20 tokens and one request every 100 ms.
 */
function rampAndDrain(waves: number): RequestRecord[] {
  const slots = [0, 5].flatMap((offset) => [
    stream(offset, 1000),
    ...Array.from({ length: waves }, (_, i) => stream(1090 + offset + 100 * i, 10)),
  ]);
  return [...slots, stream(1090 + 5 + 100 * waves, 3000)];
}

describe('the steady window', () => {
  it('starts when half of the first requests have ended, and ends with the last sending', () => {
    expect(steadyWindowOf(runOf(rampAndDrain(8)))).toEqual({ startMs: 1090, endMs: 1895 });
  });

  it('is not started by one early end', () => {
    const early = stream(0, 50, { index: 7 });
    expect(steadyWindowOf(runOf([early, ...rampAndDrain(8)]))).toMatchObject({ startMs: 1090 });
  });

  it('says why there is none', () => {
    const reason = (requests: readonly RequestRecord[], overrides = {}) =>
      steadyWindowOf(runOf(requests, overrides));
    expect(reason([failed()])).toEqual({ reason: 'no request completed' });
    expect(reason([stream(0, 10), stream(1, 10)])).toMatchObject({
      reason: expect.stringMatching(/after the first/) as string,
    });
    expect(reason(rampAndDrain(1))).toEqual({ reason: expect.stringMatching(/^only 2 requests/) as string });
    const { spec } = runOf([]);
    const ramp = { arrival: { pattern: 'ramp' as const, from: 1, to: 2, durationS: 1 } };
    expect(reason(rampAndDrain(8), { spec: { ...spec, ...ramp } })).toMatchObject({
      reason: expect.stringMatching(/rate changes/) as string,
    });
  });
});

describe('metrics of it', () => {
  const run = runOf(rampAndDrain(20), { window: { startMs: 0, endMs: 6185 } });

  it('give the rates of the middle exactly, where the whole window gives less', () => {
    // Within (1090, 3095] each slot completes 20 requests, and the second one also its first request's last chunk.
    const seconds = 2.005;
    const values = steadyState.compute(run);
    expect(steadyWindowOf(run)).toEqual({ startMs: 1090, endMs: 3095 });
    expect(values['steady_duration']).toBe(seconds);
    expect(values['steady_request_throughput']).toBeCloseTo(41 / seconds, 9);
    expect(values['steady_output_throughput']).toBeCloseTo(400, 9);
    expect(values['steady_total_token_throughput']).toBeCloseTo((802 + 40 * 100) / seconds, 9);
    const whole = throughput.compute(run)['output_throughput'];
    expect(typeof whole === 'object' ? whole.value : whole).toBeLessThan(0.4 * 400);
  });

  it('take latencies of the requests wholly inside', () => {
    expect(steadyState.compute(run)).toMatchObject({
      mean_steady_ttft_ms: 10,
      p99_steady_ttft_ms: 10,
      mean_steady_e2el_ms: 100,
      median_steady_itl_ms: 10,
    });
    expect(steadyState.compute(run)['mean_steady_tpot_ms']).toBeCloseTo(90 / 19, 9);
  });

  it('can not tell token rates without usage, and say nothing without a window', () => {
    const unknown = rampAndDrain(20).map((record) => ({ ...record, outputTokens: undefined }));
    const values = steadyState.compute(runOf(unknown));
    expect(values).not.toHaveProperty('steady_output_throughput');
    expect(values).toHaveProperty('steady_request_throughput');
    expect(steadyState.compute(runOf([stream(0, 10)]))).toEqual({});
  });
});
