import type { MetricNames } from '../quantities.js';

/**
 * llama.cpp's server, started with `--metrics`; newer versions no longer report the use of the KV cache. Prompt tokens are those
 * computed, without cached ones. Source: tools/server/README.md, "GET /metrics".
 */
export const llamacpp: MetricNames = {
  kvCacheUse: ['llamacpp:kv_cache_usage_ratio'],
  running: ['llamacpp:requests_processing'],
  waiting: ['llamacpp:requests_deferred'],
  promptTokens: ['llamacpp:prompt_tokens_total'],
  generationTokens: ['llamacpp:tokens_predicted_total'],
};
