// @ts-check
import { gzipSync } from 'node:zlib';
import { isToken, isUsage, textEvent, usageEvent, usageOf, where, withTimes } from '../answer.js';

/**
 * How many tokens arrive, and how they are bundled.
 * @typedef {import('../run-fault.js').Fault} Fault
 * @typedef {import('../answer.js').Change} Change
 */

/** @param {string} name @param {string} what @param {string} number @param {Change} answer @param {Fault['expect']} expect @param {Partial<Fault>} [more] @returns {Fault} */
const fault = (name, what, number, answer, expect, more) => ({
  ...{ name, where: 'server', what, number, answer, expect },
  ...more,
});

const ONE_PIECE = /** @type {const} */ ({ mark: 'not-streamed', severity: 'invalid' });
const LENGTH = /** @type {const} */ ({ mark: 'short', severity: 'note' });
const TOO_LONG = /** @type {const} */ ({ mark: 'short', severity: 'invalid' });

/** @type {Change} */
const allAtEnd = withTimes((_, __, all) => all.at(-1)?.atMs ?? 0);
/** @type {Change} */
const firstThenRest = withTimes(({ atMs }, i, all) => (i === 0 ? atMs : (all.at(-1)?.atMs ?? 0)));
/** @type {Change} */
const firstThenAtOnce = withTimes((_, __, all) => all[0]?.atMs ?? 0);

/** @param {(asked: number) => number} count @returns {Change} This many tokens, with a matching usage. */
const otherLength =
  (count) =>
  (answer, { index, promptTokens, maxTokens }) => {
    if (index < 0) return answer;
    const tokens = count(maxTokens);
    const texts = answer.writes.filter(isToken).slice(0, tokens);
    const last = texts.at(-1)?.atMs ?? 0;
    const more = Array.from({ length: tokens - texts.length }, (_, i) => ({
      atMs: last + 5 * (i + 1),
      data: textEvent(` more${i}`),
    }));
    const atMs = more.at(-1)?.atMs ?? last;
    const rest = answer.writes
      .filter((write) => !isToken(write))
      .map((write) => ({
        atMs,
        data: isUsage(write) ? usageEvent(usageOf(promptTokens, tokens)) : write.data,
      }));
    return { ...answer, writes: [...texts, ...more, ...rest] };
  };

/** @type {Change} Half of the tokens come, usage says that all did. */
const halfSent = (answer) => {
  const texts = answer.writes.filter(isToken);
  const kept = texts.slice(texts.length / 2);
  return { ...answer, writes: [...kept, ...answer.writes.filter((write) => !isToken(write))] };
};

/** @type {Change} */
const doubled = (answer) => ({
  ...answer,
  writes: answer.writes.flatMap((write) =>
    isToken(write) && !String(write.data).includes('"length"') ? [write, write] : [write],
  ),
});

/** @type {Change} */
const emptyFirst = (answer) => ({ ...answer, writes: [{ atMs: 0, data: textEvent('') }, ...answer.writes] });

/** @type {Change} */
const emptyTexts = (answer) => ({
  ...answer,
  writes: answer.writes.map((write) =>
    isToken(write)
      ? { ...write, data: textEvent('', String(write.data).includes('"length"') ? 'length' : null) }
      : write,
  ),
});

/** @type {Change} */
const gzipped = (answer) => ({
  ...answer,
  headers: { ...answer.headers, 'content-encoding': 'gzip' },
  writes: [
    { atMs: answer.writes.at(-1)?.atMs ?? 0, data: gzipSync(answer.writes.map(({ data }) => data).join('')) },
  ],
});

const LIMITED = { tokensPerChunk: { max: 1 } };

/** @type {readonly Fault[]} */
export const TOKENS = [
  fault(
    'buffered',
    'all chunks in one write at the end, as a buffering proxy sends them',
    'median_tpot_ms',
    allAtEnd,
    ONE_PIECE,
  ),
  fault('buffered-at-start', 'all chunks with the first', 'median_tpot_ms', firstThenAtOnce, ONE_PIECE, {
    // Answers of less than 20 ms would count as those of a server that answers at once.
    schedule: { ttftMs: 60 },
  }),
  fault(
    'first-then-rest',
    'the first token, then a pause, then all others at once',
    'median_itl_ms',
    firstThenRest,
    ONE_PIECE,
  ),
  fault(
    'half-buffered',
    '6 of 10 answers in one write',
    'mean_tpot_ms',
    where(({ index }) => index % 10 < 6, allAtEnd),
    ONE_PIECE,
  ),
  fault('first-chunk-empty', 'the first chunk comes at once and has no text', 'median_ttft_ms', emptyFirst, {
    caveat: 'empty-first-chunk',
  }),
  fault('all-chunks-empty', 'no chunk has text', 'output_throughput', emptyTexts, {
    caveat: 'no-text',
  }),
  fault(
    'outputs-shorter',
    'half of the requested tokens',
    'output_throughput',
    otherLength((asked) => asked / 2),
    LENGTH,
  ),
  fault(
    'outputs-longer',
    'twice the requested tokens',
    'output_throughput',
    otherLength((asked) => 2 * asked),
    TOO_LONG,
  ),
  fault(
    'outputs-one-shorter',
    'one token less than requested, in each answer',
    'output_throughput',
    otherLength((asked) => asked - 1),
    LENGTH,
  ),
  fault(
    'outputs-one-long',
    '1 answer of 1,000 has 80 times the tokens',
    'output_throughput',
    where(
      ({ index }) => index === 500,
      otherLength(() => 640),
    ),
    TOO_LONG,
    {
      load: { numPrompts: 1000, concurrency: 32, outputLen: 8 },
      schedule: { ttftMs: 2, itlMs: 1 },
    },
  ),
  fault(
    'claims-twice',
    'half of the tokens come, usage says all: 2 tokens per chunk, where the recipe allows 1',
    'output_throughput',
    halfSent,
    { mark: 'tokens-per-chunk', severity: 'invalid' },
    { load: /** @type {any} */ (LIMITED) },
  ),
  fault('claims-twice-unlimited', 'the same without a known limit', 'output_throughput', halfSent, {
    unseen: 'speculative decoding also sends two tokens per chunk; set client.tokensPerChunk',
  }),
  fault('chunks-doubled', 'each chunk comes twice, usage counts once', 'mean_itl_ms', doubled, {
    mark: 'impossible-usage',
    severity: 'invalid',
  }),
  fault('gzip', 'the answer is compressed although nothing requested it', 'completed', gzipped, {
    fails: 'ENDPOINT_UNREACHABLE',
  }),
];
