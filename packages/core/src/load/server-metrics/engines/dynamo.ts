import type { MetricNames } from '../quantities.js';

/**
 * Dynamo's frontend. Requests in flight are all that it has taken, those included that wait, which is until their first token;
 * token counts are the sums of histograms by request. Workers have metrics of their own, on other ports.
 * Source: dynamo/prometheus_names.py (`frontend_service`) of ai-dynamo-runtime 1.6.1, docs/observability/metrics.md.
 */
export const dynamo: MetricNames = {
  running: ['dynamo_frontend_inflight_requests'],
  waiting: ['dynamo_frontend_queued_requests'],
  promptTokens: ['dynamo_frontend_input_sequence_tokens_sum'],
  generationTokens: ['dynamo_frontend_output_tokens_total', 'dynamo_frontend_output_sequence_tokens_sum'],
  prefixQueries: ['dynamo_frontend_input_sequence_tokens_sum'],
  prefixHits: ['dynamo_frontend_cached_tokens_sum'],
};
