import { expect, it } from 'vitest';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { computeMetrics } from '../../src/metrics/compute.js';
import { failed, request, runOf } from './run.js';

const valuesOf = (...args: Parameters<typeof runOf>) => computeMetrics(runOf(...args), builtinMetrics).values;

it('measures one request by the definitions', () => {
  expect(valuesOf([request()])).toMatchObject({
    duration: 2,
    completed: 1,
    total_input_tokens: 10,
    total_output_tokens: 6,
    request_throughput: 0.5,
    output_throughput: 3,
    total_token_throughput: 8,
    mean_ttft_ms: 50,
    'p99.9_ttft_ms': 50,
    std_ttft_ms: 0,
    mean_ttft_content_ms: 60,
    mean_e2el_ms: 250,
    mean_tpot_ms: 40,
    median_itl_ms: 40,
  });
});

it('takes statistics over requests, and pools gaps over all of them', () => {
  const slower = request({ chunkMs: [250, 350, 450], outputTokens: 2 });
  const values = valuesOf([request(), slower]);
  expect(values).toMatchObject({ mean_ttft_ms: 100, std_ttft_ms: 50, mean_e2el_ms: 300, mean_tpot_ms: 120 });
  expect(values['mean_itl_ms']).toBe((10 + 40 + 150 + 100 + 100) / 5);
  expect(values['p90_ttft_ms']).toBeCloseTo(140, 12);
});

it('counts completed requests only', () => {
  const values = valuesOf([
    request(),
    failed({ sentMs: 0, chunkMs: [9000], outputTokens: 5, promptTokens: 7 }),
  ]);
  expect(values).toMatchObject({
    completed: 1,
    mean_ttft_ms: 50,
    total_output_tokens: 6,
    output_throughput: 3,
  });
});

it('has no TPOT of one-token outputs, but their TTFT and E2EL', () => {
  const single = request({ chunkMs: [130], outputTokens: 1 });
  const values = valuesOf([single]);
  expect(Object.keys(values).filter((key) => /tpot|itl/.test(key))).toEqual([]);
  expect(values).toMatchObject({ mean_ttft_ms: 30, mean_e2el_ms: 30 });
  expect(valuesOf([single, request()])['mean_tpot_ms']).toBe(40);
});

it('can not tell token throughput when one request has no usage', () => {
  const values = valuesOf([request(), request({ outputTokens: undefined })]);
  for (const key of ['total_output_tokens', 'output_throughput', 'total_token_throughput']) {
    expect(values).not.toHaveProperty(key);
  }
  expect(values).toMatchObject({ total_input_tokens: 20, request_throughput: 1, mean_tpot_ms: 40 });
});

it("uses the server's prompt count where the client has none", () => {
  expect(valuesOf([request({ promptTokens: undefined })])['total_input_tokens']).toBe(11);
  const unknown = request({ promptTokens: undefined, serverPromptTokens: undefined });
  expect(valuesOf([unknown])).not.toHaveProperty('total_input_tokens');
});

it('says nothing but the count when nothing completed', () => {
  expect(valuesOf([failed()])).toEqual({ completed: 0 });
});

it('gives every output a definition with its source', () => {
  const { outputs } = computeMetrics(runOf([request()]), builtinMetrics);
  expect(outputs.filter(({ definition }) => !/Source: \S/.test(definition))).toEqual([]);
  expect(new Set(outputs.map(({ key }) => key)).size).toBe(outputs.length);
});
