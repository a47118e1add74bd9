import { describe, expect, it } from 'vitest';
import { failed } from '../run.js';
import { both, long, near, short, unknownOf, valuesOf, words } from './recompute.js';

describe('genai-bench', () => {
  it('ends with the usage chunk and gives seconds', () => {
    expect(valuesOf('genai-bench', [...both, failed()])).toMatchObject({
      'stats.ttft': { mean: near(0.08), p50: near(0.08) },
      'stats.e2e_latency': { mean: near(0.2425), sum: near(0.485) },
      'stats.output_latency': { mean: near(0.1625) },
      'stats.tpot': { mean: near(0.04825) },
      'stats.output_inference_speed': { max: near(1 / 0.044) },
      'stats.output_throughput': { max: near(5 / 0.22) },
      'stats.input_throughput': { min: near(11 / 0.06), max: near(210) },
      'stats.total_tokens': { sum: 41 },
      run_duration: 2,
      mean_output_throughput_tokens_per_s: 4.5,
      mean_total_tokens_throughput_tokens_per_s: 20.5,
      requests_per_second: 1,
      num_requests: 3,
      num_error_requests: 1,
      error_rate: 0,
    });
  });

  it('leaves out times per token of the shortest answers', () => {
    const flash = {
      ...short,
      chunkMs: [300],
      firstContentMs: 300,
      lastContentMs: 300,
      usageMs: 300.5,
      doneMs: 301,
    };
    expect(valuesOf('genai-bench', [long, flash])).toMatchObject({
      'stats.tpot': { min: near(0.044), max: near(0.044) },
      'stats.output_throughput': { max: near(4000) },
    });
  });

  it('ends with the last text where that has the usage', () => {
    expect(valuesOf('genai-bench', [{ ...long, usageMs: undefined }])).toMatchObject({
      'stats.e2e_latency': { mean: near(0.25) },
    });
  });

  it('tokenizes where usage is missing, and can not tell tokens without', () => {
    const missing = both.map((record) => ({ ...record, outputTokens: undefined, usageMs: undefined }));
    expect(valuesOf('genai-bench', missing, { countTokens: words })).toMatchObject({
      'stats.num_output_tokens': { sum: 9 },
      'stats.e2e_latency': { mean: near(0.255) },
    });
    const unknown = unknownOf('genai-bench', missing);
    for (const key of ['stats.num_output_tokens', 'stats.tpot', 'mean_output_throughput_tokens_per_s'])
      expect(unknown[key]).toMatch(/without usage/);
  });
});
