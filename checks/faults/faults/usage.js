// @ts-check
import {
  DONE,
  isDone,
  isUsage,
  textEvent,
  usageEvent,
  usageOf,
  where,
  withRawUsage,
  withUsage,
} from '../answer.js';

/**
 * Impossible or wrong token counts from servers.
 * @typedef {import('../run-fault.js').Fault} Fault
 * @typedef {import('../answer.js').Change} Change
 */

/** 1,000 short answers, so that one of them is at most 0.1 %. */
const THOUSAND = {
  load: { numPrompts: 1000, concurrency: 32 },
  schedule: { ttftMs: 2, itlMs: 1, tokensPerChunk: 8 },
};

/** @param {string} name @param {string} what @param {Change} answer @param {Fault['expect']} expect @param {Partial<Fault>} [more] @returns {Fault} */
const fault = (name, what, answer, expect, more) => ({
  ...{ name, where: 'server', what, number: 'output_throughput', answer, expect },
  ...more,
});

/** @param {(tokens: number) => unknown} make @returns {Change} */
const counts = (make) =>
  withUsage((usage) => ({ ...usage, completion_tokens: make(Number(usage.completion_tokens)) }));

/** @type {Change} The usage chunk comes after [DONE], with far more tokens. */
const afterDone = (answer, { promptTokens }) => {
  const atMs = answer.writes.at(-1)?.atMs ?? 0;
  return { ...answer, writes: [...answer.writes, { atMs, data: usageEvent(usageOf(promptTokens, 999)) }] };
};

/** @type {Change} */
const lateText = (answer) => {
  const atMs = (answer.writes.at(-1)?.atMs ?? 0) + 100;
  return { ...answer, writes: [...answer.writes, { atMs, data: textEvent(' late') }] };
};

/** @type {Change} */
const twice = (answer, { promptTokens, maxTokens }) => ({
  ...answer,
  writes: answer.writes.flatMap((write) =>
    isUsage(write)
      ? [write, { ...write, data: usageEvent(usageOf(promptTokens, 3 * maxTokens)) }]
      : isDone(write)
        ? [{ ...write, data: DONE }]
        : [write],
  ),
});

/** @type {Change} */
const without = (answer) => ({ ...answer, writes: answer.writes.filter((write) => !isUsage(write)) });

/** @type {readonly Fault[]} */
export const USAGE = [
  fault(
    'usage-huge',
    'usage says 1e308 tokens',
    withRawUsage('{"prompt_tokens":32,"completion_tokens":1e308}'),
    { mark: 'impossible-usage', severity: 'invalid' },
  ),
  fault(
    'usage-infinite',
    'usage says 1e400 tokens',
    withRawUsage('{"prompt_tokens":32,"completion_tokens":1e400}'),
    { mark: 'impossible-usage', severity: 'invalid' },
  ),
  fault(
    'usage-huge-once',
    '1 answer of 1,000 says 1e308 tokens',
    where(({ index }) => index === 500, withRawUsage('{"prompt_tokens":32,"completion_tokens":1e308}')),
    { mark: 'impossible-usage', severity: 'note' },
    THOUSAND,
  ),
  fault(
    'usage-negative',
    'usage has negative token counts',
    counts((tokens) => -tokens),
    { mark: 'impossible-usage', severity: 'invalid' },
  ),
  fault(
    'usage-negative-once',
    '1 answer of 1,000 says -5,000 tokens',
    where(
      ({ index }) => index === 500,
      counts(() => -5000),
    ),
    { mark: 'impossible-usage', severity: 'note' },
    THOUSAND,
  ),
  fault(
    'usage-50000-once',
    '1 answer of 1,000 says 50,000 tokens',
    where(
      ({ index }) => index === 500,
      counts(() => 50_000),
    ),
    { mark: 'impossible-usage', severity: 'note' },
    THOUSAND,
  ),
  fault(
    'usage-fractional',
    'usage says 7.25 tokens',
    counts(() => 7.25),
    { mark: 'impossible-usage', severity: 'invalid' },
  ),
  fault(
    'usage-zero',
    'usage says 0 tokens',
    counts(() => 0),
    { mark: 'impossible-usage', severity: 'invalid' },
  ),
  fault('usage-missing', 'no usage', without, { mark: 'missing-usage', severity: 'note' }),
  fault(
    'usage-missing-once',
    '1 answer of 64 has no usage',
    where(({ index }) => index === 30, without),
    { mark: 'missing-usage', severity: 'note' },
  ),
  fault('usage-null', 'usage is null', withRawUsage('null'), { mark: 'missing-usage', severity: 'note' }),
  fault('usage-text', 'usage says "16", as text', counts(String), {
    mark: 'missing-usage',
    severity: 'note',
  }),
  fault('usage-in-part', 'usage has only prompt_tokens', withRawUsage('{"prompt_tokens":32}'), {
    mark: 'missing-usage',
    severity: 'note',
  }),
  fault('usage-twice', 'a second usage says three times as many tokens', twice, {
    mark: 'impossible-usage',
    severity: 'invalid',
  }),
  fault(
    'usage-ten-times',
    'usage says ten times the tokens',
    counts((tokens) => 10 * tokens),
    { mark: 'impossible-usage', severity: 'invalid' },
  ),
  fault(
    'usage-half',
    'usage says half of the tokens that arrived',
    counts((tokens) => tokens / 2),
    { mark: 'impossible-usage', severity: 'invalid' },
  ),
  fault('usage-after-done', 'usage after [DONE] says 999 tokens', afterDone, {
    mark: 'after-done',
    severity: 'note',
  }),
  fault(
    'text-after-done',
    'a chunk 100 ms after [DONE]',
    lateText,
    { mark: 'after-done', severity: 'note' },
    { number: 'median_tpot_ms' },
  ),
];
