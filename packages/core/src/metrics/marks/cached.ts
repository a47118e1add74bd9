import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { workloadOf } from '../../load/workloads/index.js';
import type { Quantity } from '../../load/server-metrics/quantities.js';
import { completedOf } from '../request.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Whether prompts that share nothing were really computed. */
export const CACHE_CHECKS: readonly Check[] = [cachedPrompts];

/** Most tokens of a chat template at the start of every prompt. */
const TEMPLATE_TOKENS = 64;

const ADVICE =
  'send prompts that it has not seen (--bust-cache, another --seed), or turn off its prefix cache ' +
  '(vLLM --no-enable-prefix-caching, SGLang --disable-radix-cache)';

/**
 * A prompt that the server has seen before takes no prefill: TTFT is then that of a cache hit. Uses the cached tokens of each
 * request if reported, otherwise the server's metrics.
 */
function cachedPrompts(run: RunRecord): Mark | undefined {
  // Prompts of other kinds continue earlier ones, or share a beginning: there the cache is part of the benchmark.
  if (!workloadOf(run.spec.prompts).sharesNothing) return undefined;
  const share = cachedOfRequests(run) ?? cachedByMetrics(run);
  if (share === undefined || share <= MARK_LIMITS.cachedNote) return undefined;
  const message = `the server took ${(100 * share).toFixed(0)} % of prompt tokens from its cache, so TTFT does not include a full prefill; ${ADVICE}`;
  return share > MARK_LIMITS.cachedInvalid
    ? invalid('cached-prompts', message)
    : note('cached-prompts', message);
}

function cachedOfRequests(run: RunRecord): number | undefined {
  let cached = 0;
  let tokens = 0;
  for (const request of completedOf(run)) {
    const prompt = promptTokensOf(request);
    if (request.cachedTokens === undefined || prompt === undefined) continue;
    cached += Math.max(0, Math.min(request.cachedTokens, prompt) - beginningOf(request, run));
    tokens += prompt;
  }
  return tokens === 0 ? undefined : cached / tokens;
}

function cachedByMetrics(run: RunRecord): number | undefined {
  const last = (quantity: Quantity) => run.server?.columns[quantity]?.findLast((value) => value !== null);
  const [queries, hits] = [last('prefixQueries') ?? 0, last('prefixHits')];
  const rate = queries > 0 && hits !== undefined ? hits / queries : last('prefixHitRate');
  if (rate === undefined) return undefined;
  const known = completedOf(run).filter((request) => promptTokensOf(request) !== undefined);
  const tokens = known.reduce((sum, request) => sum + (promptTokensOf(request) ?? 0), 0);
  const alike = known.reduce((sum, request) => sum + beginningOf(request, run), 0);
  return Math.max(0, Math.min(1, rate) - (tokens === 0 ? 0 : alike / tokens));
}

function promptTokensOf({ serverPromptTokens, promptTokens }: RequestRecord): number | undefined {
  return serverPromptTokens ?? promptTokens;
}

/** Tokens that all prompts have in common at the start: special tokens, a template, a prefix. */
function beginningOf({ serverPromptTokens, promptTokens }: RequestRecord, { spec }: RunRecord): number {
  const { prompts, endpoint } = spec;
  const added =
    serverPromptTokens !== undefined && promptTokens !== undefined ? serverPromptTokens - promptTokens : 0;
  const workload = workloadOf(prompts);
  const inTemplate = endpoint.api === 'chat' || workload.inTemplate?.(prompts) === true;
  const prefix = workload.sharedTokens?.(prompts) ?? 0;
  return Math.max(0, added) + (inTemplate ? TEMPLATE_TOKENS : 0) + prefix;
}
