import type { MetricNames } from '../quantities.js';

/**
 * SGLang, started with `--enable-metrics`. Cached tokens are counted per source, so they are summed. Source:
 * python/sglang/srt/metrics/collector.py.
 */
export const sglang: MetricNames = {
  kvCacheUse: ['sglang:token_usage'],
  running: ['sglang:num_running_reqs'],
  waiting: ['sglang:num_queue_reqs'],
  promptTokens: ['sglang:prompt_tokens_total'],
  generationTokens: ['sglang:generation_tokens_total'],
  preemptions: ['sglang:num_retracted_requests_total'],
  prefixQueries: ['sglang:prompt_tokens_total'],
  prefixHits: ['sglang:cached_tokens_total'],
  prefixHitRate: ['sglang:cache_hit_rate'],
  acceptanceLength: ['sglang:spec_accept_length'],
  acceptanceRate: ['sglang:spec_accept_rate'],
};
