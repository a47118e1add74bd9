import type { MetricNames } from '../quantities.js';

/**
 * TensorRT-LLM: `trtllm-serve` with `return_perf_metrics` (tokens) and `enable_iter_perf_stats` (everything else), and Dynamo's
 * workers. It counts draft tokens, but not drafts. Source: tensorrt_llm/metrics/collector.py.
 */
export const trtllm: MetricNames = {
  kvCacheUse: ['trtllm_kv_cache_utilization'],
  running: ['trtllm_num_requests_running'],
  waiting: ['trtllm_num_requests_waiting'],
  promptTokens: ['trtllm_prompt_tokens_total'],
  generationTokens: ['trtllm_generation_tokens_total'],
  prefixQueries: ['trtllm_prompt_tokens_total'],
  prefixHits: ['trtllm_prompt_cached_tokens_total'],
  prefixHitRate: ['trtllm_kv_cache_hit_rate'],
  draftTokens: ['trtllm_spec_decode_num_draft_tokens_total'],
  acceptedTokens: ['trtllm_spec_decode_num_accepted_tokens_total'],
  acceptanceLength: ['trtllm_spec_decode_acceptance_length'],
};
