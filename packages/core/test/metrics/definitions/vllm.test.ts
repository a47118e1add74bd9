import { describe, expect, it } from 'vitest';
import { failed } from '../run.js';
import { both, long, recompute, short, unknownOf, valuesOf, words } from './recompute.js';

describe('vllm', () => {
  it("takes the server's prompt count and ends with the last chunk of any kind", () => {
    expect(valuesOf('vllm', [...both, failed()])).toMatchObject({
      completed: 2,
      failed: 1,
      total_input_tokens: 32,
      total_output_tokens: 9,
      mean_ttft_ms: 75,
      mean_e2el_ms: 225,
      mean_tpot_ms: 45,
      max_output_tokens_per_s: 6,
      max_concurrent_requests: 2,
    });
  });

  it('counts chunks and requests by whole seconds from the first sending, whether at once or not', () => {
    const late = { ...short, chunkMs: [1099, 1101], doneMs: 1101 };
    expect(valuesOf('vllm', [long, late])).toMatchObject({
      max_output_tokens_per_s: 5,
      max_concurrent_requests: 2,
    });
    const after = { ...short, sentMs: 1500, chunkMs: [1600, 1700] };
    const apart = { ...short, sentMs: 2200, chunkMs: [2300, 2400] };
    expect(valuesOf('vllm', [long, after, apart])).toMatchObject({ max_concurrent_requests: 1 });
    expect(valuesOf('vllm', [long, late, after, apart])).toMatchObject({ max_concurrent_requests: 2 });
  });

  it("passes over usage that comes with text, and takes the client's prompt count", () => {
    const together = both.map((record) => ({ ...record, usageMs: undefined }));
    expect(valuesOf('vllm', together, { countTokens: (text) => words(text) + 1 })).toMatchObject({
      total_input_tokens: 30,
      total_output_tokens: 11,
    });
    expect(unknownOf('vllm', together)['output_throughput']).toMatch(/chunk of its own/);
  });

  it('tokenizes the text where usage is missing or 0', () => {
    const missing = [
      { ...long, outputTokens: undefined },
      { ...short, outputTokens: 0 },
    ];
    expect(valuesOf('vllm', missing, { countTokens: words })).toMatchObject({
      total_output_tokens: 9,
      mean_tpot_ms: 45,
    });
    expect(unknownOf('vllm', missing)['output_throughput']).toMatch(/without usage in a chunk/);
    expect(recompute('vllm', missing, { countTokens: words }).notes.join()).toMatch(
      /also includes reasoning/,
    );
    expect(recompute('vllm', both).notes.join()).not.toMatch(/reasoning/);
    expect(unknownOf('vllm', missing)['mean_tpot_ms']).toMatch(/without usage in a chunk/);
    expect(valuesOf('vllm', missing)).toMatchObject({ mean_ttft_ms: 75, request_throughput: 1 });
  });
});
