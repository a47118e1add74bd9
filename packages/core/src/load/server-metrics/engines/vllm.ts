import type { MetricNames } from '../quantities.js';

/**
 * vLLM with its V1 engine; names with `gpu_` are those up to 0.10. Ratios are 0 to 1 despite `perc`. Source:
 * vllm/v1/metrics/loggers.py, vllm/v1/spec_decode/metrics.py.
 */
export const vllm: MetricNames = {
  kvCacheUse: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
  running: ['vllm:num_requests_running'],
  waiting: ['vllm:num_requests_waiting'],
  promptTokens: ['vllm:prompt_tokens_total'],
  generationTokens: ['vllm:generation_tokens_total'],
  preemptions: ['vllm:num_preemptions_total'],
  prefixQueries: ['vllm:prefix_cache_queries_total', 'vllm:gpu_prefix_cache_queries_total'],
  prefixHits: ['vllm:prefix_cache_hits_total', 'vllm:gpu_prefix_cache_hits_total'],
  drafts: ['vllm:spec_decode_num_drafts_total'],
  draftTokens: ['vllm:spec_decode_num_draft_tokens_total'],
  acceptedTokens: ['vllm:spec_decode_num_accepted_tokens_total'],
};
