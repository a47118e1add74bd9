// @ts-check
/**
 * Makes random prompts as a load process does, and prints how long that took, with the CPU time of all threads: node make.js TOKENIZER
 * COUNT LENGTH [CACHE]
 */
import { promptCacheIn, cachedRandomTexts } from '@sweepline/core/load';
import { loadTokenizer } from '@sweepline/core/tokenizer';

const [where = '', count, length, cache] = process.argv.slice(2);
const begun = performance.now();
const tokenizer = await loadTokenizer(where, process.env);
const options = {
  prompts: {
    ...{ kind: /** @type {const} */ ('random'), form: /** @type {const} */ ('text') },
    ...{ inputLen: Number(length), outputLen: 1, rangeRatio: 1, seed: 0 },
  },
  ...{ numPrompts: Number(count), numWarmups: 0, tokenizer, signal: new AbortController().signal },
};
const { measured } = await cachedRandomTexts(options, cache === undefined ? undefined : promptCacheIn(cache));
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage();
const tokens = measured.promptTokens.reduce((sum, count) => sum + count, 0);
process.stdout.write(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, tokens }));
