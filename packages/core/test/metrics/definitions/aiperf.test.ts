import { describe, expect, it } from 'vitest';
import { failed } from '../run.js';
import { both, long, near, recompute, short, unknownOf, valuesOf, words } from './recompute.js';

describe('aiperf', () => {
  it('starts and ends with text, and has one ITL a request', () => {
    expect(valuesOf('aiperf', [...both, failed()])).toMatchObject({
      time_to_first_token: { avg: 80, min: 60, max: 100, p50: 80, std: 20 },
      time_to_second_token: { avg: 70 },
      request_latency: { avg: 225 },
      inter_token_latency: { avg: 44, p50: 44, p99: near(49.88) },
      inter_chunk_latency: { avg: near(290 / 3), max: 150 },
      output_token_throughput_per_user: { max: near(1000 / 38), min: 20 },
      output_sequence_length: { avg: 4.5 },
      input_sequence_length: { avg: 16 },
      effective_latency: { avg: 260 },
      request_count: 2,
      error_request_count: 1,
      request_error_rate: near(100 / 3),
      e2e_output_token_throughput: { max: 24, min: 15 },
      total_osl: 9,
      benchmark_duration: 0.3,
      output_token_throughput: 30,
      request_throughput: near(2 / 0.3),
    });
  });

  it('has failures in its latency from the schedule alone', () => {
    const lost = failed({ scheduledMs: 100, sentMs: 110, doneMs: 600 });
    expect(valuesOf('aiperf', [...both, lost])).toMatchObject({
      effective_latency: { avg: 340, max: 500 },
      request_latency: { avg: 225 },
    });
  });

  it('tokenizes all output itself where it can, and says where not', () => {
    const options = { countTokens: (text: string) => words(text) + 1 };
    expect(valuesOf('aiperf', both, options)).toMatchObject({
      total_osl: 11,
      total_isl: 30,
      inter_token_latency: { avg: near((190 / 6 + 100 / 3) / 2) },
    });
    expect(recompute('aiperf', both, options).notes.join()).not.toMatch(/use-server-token-count/);
    expect(recompute('aiperf', both).notes.join()).toMatch(/use-server-token-count/);
    expect(valuesOf('aiperf', [long, { ...short, text: undefined }], options)).toMatchObject({
      total_osl: 9,
    });
  });

  it('names goodput by its own metrics', () => {
    expect(valuesOf('aiperf', both, { slos: { tpotMs: 40 } })['goodput']).toBeCloseTo(1 / 0.3, 9);
    expect(valuesOf('aiperf', both, { slos: { ttftMs: 10 } })['goodput']).toBe(0);
    const missing = both.map((record) => ({ ...record, outputTokens: undefined }));
    expect(unknownOf('aiperf', missing, { slos: { tpotMs: 40 } })['goodput']).toMatch(/tokens of a request/);
    expect(valuesOf('aiperf', missing, { slos: { ttftMs: 60 } })['goodput']).toBeCloseTo(1 / 0.3, 9);
  });

  it('says what records of an older client can not tell', () => {
    const unknown = unknownOf('aiperf', [{ ...long, lastContentMs: undefined }, short]);
    for (const key of [
      'request_latency',
      'inter_token_latency',
      'benchmark_duration',
      'output_token_throughput',
    ])
      expect(unknown[key]).toMatch(/last chunk with text/);
  });
});
