// @ts-check
import { withUsage, where, usageOf, withTimes } from '../answer.js';

/**
 * Prompts that differ from the requested ones, or cost the server less than they should.
 * @typedef {import('../run-fault.js').Fault} Fault
 * @typedef {import('../answer.js').Change} Change
 */

/** @param {string} name @param {string} what @param {string} number @param {Change} answer @param {Fault['expect']} expect @param {Partial<Fault>} [more] @returns {Fault} */
const fault = (name, what, number, answer, expect, more) => ({
  ...{ name, where: 'server', what, number, answer, expect },
  ...more,
});

const COUNT = /** @type {const} */ ({ mark: 'prompt-count', severity: 'note' });
const CACHED = /** @type {const} */ ({ mark: 'cached-prompts', severity: 'invalid' });

/** @param {(count: number, request: import('../answer.js').Request) => number} of @returns {Change} */
const promptCount = (of) =>
  withUsage((_, request) => usageOf(of(request.promptTokens, request), request.maxTokens));
/** @param {number} share @returns {Change} */
const cached = (share) => (answer, request) =>
  withUsage((usage) => ({
    ...usage,
    prompt_tokens_details: { cached_tokens: Math.round(share * request.promptTokens) },
  }))(withTimes(({ atMs }) => atMs - 20 * share)(answer, request), request);

/** @param {{ promptTokens: number }} seen */
const hitMetrics = ({ promptTokens }) =>
  [
    '# TYPE vllm:prefix_cache_queries_total counter',
    `vllm:prefix_cache_queries_total ${promptTokens}`,
    '# TYPE vllm:prefix_cache_hits_total counter',
    `vllm:prefix_cache_hits_total ${0.9 * promptTokens}`,
    '# TYPE vllm:prompt_tokens_total counter',
    `vllm:prompt_tokens_total ${promptTokens}`,
    '# TYPE vllm:generation_tokens_total counter',
    `vllm:generation_tokens_total ${promptTokens / 2}`,
    '',
  ].join('\n');

/** @type {readonly Fault[]} */
export const PROMPTS = [
  fault(
    'prompt-template',
    'the server counts 12 tokens more for each prompt: a template',
    'total_input_tokens',
    promptCount((n) => n + 12),
    COUNT,
  ),
  fault(
    'prompt-truncated',
    'the server counts half of each prompt: it was cut',
    'mean_ttft_ms',
    promptCount((n) => n / 2),
    COUNT,
  ),
  fault(
    'prompt-uneven',
    'the server counts 0 to 7 tokens more',
    'total_input_tokens',
    promptCount((n, { index }) => n + (Math.abs(index) % 8)),
    COUNT,
  ),
  fault(
    'prompt-cut-once',
    'the server counts half of 1 prompt of 64',
    'mean_ttft_ms',
    where(
      ({ index }) => index === 20,
      promptCount((n) => n / 2),
    ),
    COUNT,
  ),
  fault(
    'cached-usage',
    'usage says that the prompt was cached, and it comes sooner',
    'mean_ttft_ms',
    cached(1),
    CACHED,
  ),
  fault('cached-half', 'usage says that half of each prompt was cached', 'mean_ttft_ms', cached(0.5), CACHED),
  fault(
    'cached-metrics',
    "the server's metrics say that 90 % of the prompts were cached",
    'mean_ttft_ms',
    withTimes(({ atMs }) => atMs - 18),
    CACHED,
    { server: { metrics: hitMetrics }, load: { numPrompts: 200 } },
  ),
  fault(
    'cached-silently',
    'prompts are cached, and nothing reports it',
    'mean_ttft_ms',
    withTimes(({ atMs }) => atMs - 20),
    { unseen: 'nothing shows it; --bust-cache makes prompts that no cache contains' },
  ),
];
