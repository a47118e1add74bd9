import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from '../../../src/metrics/definitions/index.js';
import { failed } from '../run.js';
import { both, long, near, recompute, runWith, short, unknownOf, valuesOf } from './recompute.js';

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

  it('takes rates over the whole window', () => {
    expect(valuesOf('guidellm', both)).toMatchObject({
      prompt_tokens_per_second: { mean: 16 },
      output_tokens_per_second: { mean: 4.5 },
      tokens_per_second: { mean: 20.5 },
    });
  });

  it('leaves requests that lack what is asked about out of goodput, and counts failures in', () => {
    const single = { ...short, outputTokens: 1 };
    expect(valuesOf('guidellm', [long, single, failed()], { slos: { tpotMs: 38 } })).toMatchObject({
      slo_attainment: 0.5,
      request_goodput: { mean: 0.5 },
    });
    expect(unknownOf('guidellm', [single], { slos: { tpotMs: 38 } })['slo_attainment']).toMatch(
      /metrics of the objectives/,
    );
    expect(valuesOf('guidellm', both)).not.toHaveProperty('slo_attainment');
  });

  it('has a latency from the schedule where there is one', () => {
    const { spec } = runWith(both, {});
    const rate = { ...spec, arrival: { pattern: 'constant' as const, rate: 10 } };
    const scheduled = DEFINITIONS.find(({ name }) => name === 'guidellm')?.recompute(
      { ...runWith(both, {}), spec: rate },
      {},
    );
    expect(scheduled?.values.find(({ key }) => key === 'request_scheduled_latency')?.value).toMatchObject({
      mean: near(0.26),
    });
    expect(valuesOf('guidellm', both)).not.toHaveProperty('request_scheduled_latency');
  });

  it('counts chunks with text where usage is missing', () => {
    const missing = both.map((record) => ({ ...record, outputTokens: undefined }));
    expect(valuesOf('guidellm', missing)).toMatchObject({ output_token_count: { mean: 2.5 } });
    expect(recompute('guidellm', missing).notes.join()).toMatch(/one token for each chunk/);
  });
});
