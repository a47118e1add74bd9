import { expect, it } from 'vitest';
import type { ServerMetricsRecord } from '../../src/load/server-metrics/server-metrics.js';
import { serverMetrics } from '../../src/metrics/builtin/server-metrics.js';
import { request, runOf } from './run.js';

/** Scrapes before, three times during and after a window from 0 to 2000 ms. */
const TIMES = [-5, 500, 1000, 1500, 2005];

function valuesOf(columns: ServerMetricsRecord['columns'], timesMs = TIMES) {
  const scrapes = { sent: timesMs.length, failed: 0 };
  const server = { path: '/metrics', intervalS: 0.5, scrapes, names: {}, timesMs, columns };
  return serverMetrics.compute(runOf([request()], { server }));
}

it('takes gauges within the window, and counters up to the scrape after it', () => {
  const values = valuesOf({
    kvCacheUse: [0, 0.25, null, 0.75, 0],
    running: [90, 8, 16, 12, 90],
    waiting: [90, 0, 3, 0, 90],
    promptTokens: [0, 10, 20, 30, 4000],
    generationTokens: [0, 10, 20, 30, 500],
    preemptions: [null, null, null, null, 2],
  });

  expect(values).toEqual({
    server_mean_kv_cache_use: 0.5,
    server_max_kv_cache_use: 0.75,
    server_mean_running: 12,
    server_max_running: 16,
    server_mean_waiting: 1,
    server_max_waiting: 3,
    server_prompt_tokens: 4000,
    server_generation_tokens: 500,
    server_preemptions: 2,
  });
});

it('makes ratios of counters rather than take the ones that the server gives', () => {
  const values = valuesOf({
    prefixQueries: [0, 0, 0, 0, 400],
    prefixHits: [0, 0, 0, 0, 100],
    prefixHitRate: [1, 1, 1, 1, 1],
    drafts: [0, 1, 2, 3, 200],
    draftTokens: [0, 1, 2, 3, 600],
    acceptedTokens: [0, 1, 2, 3, 360],
    acceptanceLength: [9, 9, 9, 9, 9],
    acceptanceRate: [1, 1, 1, 1, 1],
  });

  expect(values).toEqual({
    server_prefix_cache_hit_rate: 0.25,
    server_acceptance_length: 2.8,
    server_acceptance_rate: 0.6,
  });
});

it("means the server's own ratios where it counts nothing, over the scrapes at which it drafted", () => {
  const values = valuesOf({
    prefixHitRate: [1, 0.1, 0.2, 0.3, 1],
    acceptanceLength: [0, 0, 2.5, 3.5, 9],
    acceptanceRate: [0, 0, 0.5, 0.75, 1],
  });

  expect(values).toEqual({
    server_prefix_cache_hit_rate: expect.closeTo(0.2, 12) as number,
    server_acceptance_length: 3,
    server_acceptance_rate: 0.625,
  });
});

it('has no totals without a scrape after the window, and nothing at all without scrapes', () => {
  const columns = { generationTokens: [0, 10, 20, 30], drafts: [0, 0, 0, 0], acceptedTokens: [0, 0, 0, 0] };
  expect(valuesOf(columns, TIMES.slice(0, -1))).toEqual({});
  expect(valuesOf({})).toEqual({});
  expect(serverMetrics.compute(runOf([request()]))).toEqual({});
});
