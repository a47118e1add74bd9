import type { MetricNames } from '../quantities.js';

/**
 * Dynamo's frontend. Requests in flight include those that wait, up to their first token; token counts are the sums of
 * per-request histograms. Workers have their own metrics, on other ports. Source: dynamo/prometheus_names.py (`frontend_service`)
 * of ai-dynamo-runtime 1.6.1, docs/observability/metrics.md.
 */
export const dynamo: MetricNames = {
  running: ['dynamo_frontend_inflight_requests'],
  waiting: ['dynamo_frontend_queued_requests'],
  promptTokens: ['dynamo_frontend_input_sequence_tokens_sum'],
  generationTokens: ['dynamo_frontend_output_tokens_total', 'dynamo_frontend_output_sequence_tokens_sum'],
  prefixQueries: ['dynamo_frontend_input_sequence_tokens_sum'],
  prefixHits: ['dynamo_frontend_cached_tokens_sum'],
};
