import { describe, expect, it } from 'vitest';
import { failed } from '../run.js';
import { both, near, recompute, valuesOf } from './recompute.js';

describe('guidellm', () => {
  it('weighs times per token by tokens, counts the first token in TPOT and ends when the stream is closed', () => {
    const values = valuesOf('guidellm', [...both, failed(), failed({ state: 'cancelled' })]);
    expect(values).toMatchObject({
      'request_totals.successful': 2,
      'request_totals.errored': 1,
      'request_totals.incomplete': 1,
      requests_per_second: { mean: 1 },
      request_concurrency: { mean: (0.3 + 0.21) / 2 },
      request_latency: { mean: near(0.255) },
      prompt_token_count: { mean: 16 },
      output_token_count: { mean: 4.5 },
      time_to_first_token_ms: { mean: 80, median: 60, p95: 100 },
      time_per_output_token_ms: { mean: near(50), median: near(250 / 6) },
      inter_token_latency_ms: { mean: near(290 / 7), median: 38, p90: 50 },
    });
  });

  it('takes rates over the time between tokens', () => {
    expect(valuesOf('guidellm', both)).toMatchObject({
      prompt_tokens_per_second: { mean: near(32 / 0.14) },
      output_tokens_per_second: { mean: near(9 / 0.24) },
      tokens_per_second: { mean: near(41 / 0.24) },
    });
  });

  it('counts chunks with text where usage is missing', () => {
    const missing = both.map((record) => ({ ...record, outputTokens: undefined }));
    expect(valuesOf('guidellm', missing)).toMatchObject({ output_token_count: { mean: 2.5 } });
    expect(recompute('guidellm', missing).notes.join()).toMatch(/a token for each chunk/);
  });
});
