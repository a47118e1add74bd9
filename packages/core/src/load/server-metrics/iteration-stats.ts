import { isObject } from '../client/codec.js';
import type { Sample } from './exposition.js';

/**
 * TensorRT-LLM's per-iteration statistics: `trtllm-serve` returns JSON at `/metrics`, where others return text. It is a list of
 * all iterations since the previous request. The last one is used, with the names that the same server uses in text. Source:
 * tensorrt_llm/serve/openai_server.py (`get_iteration_stats`), tensorrt_llm/metrics/collector.py.
 * @throws {SyntaxError} for anything but a JSON list.
 */
export function parseIterationStats(text: string): Sample[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new SyntaxError('not a list of per-iteration statistics');
  const last: unknown = list.at(-1);
  if (!isObject(last)) return [];
  const kvCache = isObject(last['kvCacheStats']) ? last['kvCacheStats'] : {};
  const drafting = isObject(last['specDecodingStats']) ? last['specDecodingStats'] : {};
  const { usedNumBlocks: used, maxNumBlocks: all } = kvCache;
  return [
    ...sample('trtllm_num_requests_running', last['numActiveRequests']),
    ...sample('trtllm_num_requests_waiting', last['numQueuedRequests']),
    ...sample('trtllm_kv_cache_utilization', Number(used) / Number(all)),
    ...sample('trtllm_kv_cache_hit_rate', kvCache['cacheHitRate']),
    ...sample('trtllm_spec_decode_acceptance_length', drafting['acceptanceLength']),
  ];
}

function sample(name: string, value: unknown): Sample[] {
  return typeof value === 'number' && Number.isFinite(value) ? [{ name, labels: {}, value }] : [];
}
