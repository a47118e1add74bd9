import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sizeOfStore, storedPrompt } from '../../src/load/prompts/prompt-store.js';
import type { PromptStore } from '../../src/load/prompts/prompt.js';
import { makeRandomTexts } from '../../src/load/prompts/tokenized.js';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer.js';
import type { Tokenizer } from '../../src/tokenizer/tokenizer.js';
import { describeRecorded, recordings } from '../recordings.js';
import { byteLevel, makeBuilt, optionsFor, TOKENIZERS, type Wanted } from './random-texts.js';

interface Recorded {
  readonly seed: number;
  readonly vocab_size: number;
  readonly prefix_len: number;
  readonly input_len: number;
  readonly output_len: number;
  readonly num_prompts: number;
  readonly range_ratio: number;
  readonly prompt_lens: readonly number[];
  readonly output_lens: readonly number[];
  readonly sha256_of_token_ids: string;
}

/** Python's output for a tokenizer: see make.py there. */
interface Expected {
  readonly prompts: readonly {
    readonly base: string;
    readonly shape: Shape;
    readonly prompts: readonly {
      readonly text: string;
      readonly tokens: number;
      readonly outputTokens: number;
    }[];
  }[];
}

interface Shape {
  readonly seed: number;
  readonly prefix_len: number;
  readonly input_len: number;
  readonly output_len: number;
  readonly count: number;
  readonly ratio: number;
  readonly template?: boolean;
}

const expected = JSON.parse(readFileSync(join(TOKENIZERS, 'expected.json'), 'utf8')) as Expected;
const RECORDED = recordings('prompts');
const casesFile = join(RECORDED, 'cases.json');
const cases = existsSync(casesFile) ? (JSON.parse(readFileSync(casesFile, 'utf8')) as Recorded[]) : [];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-tokenized-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Its word for id 7 is `w7`. */
async function wordTokenizer(size: number): Promise<Tokenizer> {
  const vocab = Object.fromEntries(Array.from({ length: size }, (_, id) => [`w${id}`, id]));
  const json = { pre_tokenizer: { type: 'WhitespaceSplit' }, model: { type: 'WordLevel', vocab } };
  const file = join(folder, `words-${size}.json`);
  await writeFile(file, JSON.stringify(json));
  return loadTokenizer(file, {});
}

function optionsOf(
  { seed, prefix_len, input_len, output_len, count, ratio, template }: Shape,
  tokenizer: Tokenizer,
) {
  return optionsFor({
    ...{ seed, prefixLen: prefix_len, inputLen: input_len, outputLen: output_len, rangeRatio: ratio },
    ...{ numPrompts: count, tokenizer, useChatTemplate: template ?? false },
  });
}

const make = (wanted: Wanted) => makeRandomTexts(optionsFor(wanted));

function promptsIn(store: PromptStore) {
  return Array.from({ length: sizeOfStore(store) }, (_, i) => {
    const { json, lengths } = storedPrompt(store, i);
    return { text: JSON.parse(json) as string, ...lengths };
  });
}

describeRecorded(RECORDED, 'texts of InferenceX', () => {
  it.each(cases)('seed $seed, $num_prompts × $input_len of $vocab_size', async (c) => {
    const { measured } = await make({
      ...{ seed: c.seed, prefixLen: c.prefix_len, inputLen: c.input_len, outputLen: c.output_len },
      ...{ rangeRatio: c.range_ratio, numPrompts: c.num_prompts },
      tokenizer: await wordTokenizer(c.vocab_size),
    });
    const prompts = promptsIn(measured);
    expect(prompts.map(({ promptTokens }) => promptTokens)).toEqual(c.prompt_lens);
    expect(prompts.map(({ requestedOutputTokens }) => requestedOutputTokens)).toEqual(c.output_lens);
    const ids = prompts.map(({ text }) => text.split(' ').map((word) => Number(word.slice(1))));
    expect(createHash('sha256').update(JSON.stringify(ids)).digest('hex')).toBe(c.sha256_of_token_ids);
  });
});

describe('makeRandomTexts', () => {
  it.each(expected.prompts)('makes the texts that Python makes: $base, seed $shape.seed', async (one) => {
    const tokenizer = await loadTokenizer(join(TOKENIZERS, one.base), {});
    const { measured } = await makeRandomTexts(optionsOf(one.shape, tokenizer));
    const prompts = promptsIn(measured);
    expect(prompts.map(({ text }) => text)).toEqual(one.prompts.map(({ text }) => text));
    expect(prompts.map(({ promptTokens }) => promptTokens)).toEqual(one.prompts.map(({ tokens }) => tokens));
    expect(prompts.map(({ requestedOutputTokens }) => requestedOutputTokens)).toEqual(
      one.prompts.map(({ outputTokens }) => outputTokens),
    );
  });

  it('makes the same with any number of threads', async () => {
    for (const [i, { base, shape }] of expected.prompts.entries()) {
      const tokenizer = await loadTokenizer(join(TOKENIZERS, base), {});
      const options = optionsOf(shape, tokenizer);
      const made = await makeBuilt({ ...options, threads: 1 + (i % 3) });
      expect(made).toEqual(await makeRandomTexts(options));
    }
  });

  it('shares what is long with threads, and makes the same', async () => {
    let encoded = 0;
    // Slow enough that threads get a share.
    const slow: Tokenizer = {
      vocabSize: byteLevel.vocabSize,
      ...(byteLevel.origin && { origin: byteLevel.origin }),
      encode(text) {
        encoded++;
        for (const begun = performance.now(); performance.now() - begun < 3;);
        return byteLevel.encode(text);
      },
      decode: (ids) => byteLevel.decode(ids),
    };
    const wanted = { numPrompts: 60, inputLen: 4096, rangeRatio: 1, threads: 2 };
    const made = await makeBuilt(optionsFor({ ...wanted, tokenizer: slow }));
    const here = encoded;
    expect(made).toEqual(await make({ ...wanted, threads: 0 }));
    await makeRandomTexts(optionsFor({ ...wanted, tokenizer: slow, threads: 0 }));
    expect(here).toBeLessThan(encoded - here);
  });

  it('makes warm-ups that have no beginning in common with measured texts', async () => {
    const { measured, warmups } = await make({ numPrompts: 30, numWarmups: 30, prefixLen: 20 });
    const beginnings = (store: PromptStore) => promptsIn(store).map(({ text }) => text.slice(0, 12));
    const [common, ...others] = new Set(beginnings(measured));
    expect(others).toEqual([]);
    expect(beginnings(warmups)).not.toContain(common);
    const tokenizer = await wordTokenizer(5000);
    const plain = await make({ tokenizer, numPrompts: 400, numWarmups: 400 });
    const taken = new Set(beginnings(plain.measured));
    expect(beginnings(plain.warmups).filter((beginning) => taken.has(beginning))).toEqual([]);
  });

  it('marks each text of each run where caches are not to help', async () => {
    const tokenizer = await wordTokenizer(5000);
    const beginnings = async (bustCache: number) => {
      const { measured, warmups } = await make({ tokenizer, bustCache, numPrompts: 50, numWarmups: 50 });
      const prompts = [...promptsIn(measured), ...promptsIn(warmups)];
      for (const { promptTokens, requestedPromptTokens } of prompts) {
        expect(promptTokens).toBe(requestedPromptTokens);
      }
      return prompts.map(({ text }) => text.split(' ').slice(0, 5).join(' '));
    };
    const [first, second] = [await beginnings(1), await beginnings(2)];
    expect(new Set([...first, ...second]).size).toBe(200);
  });

  it('marks them before a prefix, which they then no longer share', async () => {
    const tokenizer = await wordTokenizer(5000);
    for (const prefixLen of [2, 50]) {
      const wanted = { tokenizer, prefixLen, numPrompts: 20 };
      const plain = promptsIn((await make(wanted)).measured);
      const marked = promptsIn((await make({ ...wanted, bustCache: 1 })).measured);
      expect(new Set(plain.map(({ text }) => text.split(' ').slice(0, 2).join(' '))).size).toBe(1);
      expect(new Set(marked.map(({ text }) => text.split(' ').slice(0, 5).join(' '))).size).toBe(20);
      expect(marked.map(({ promptTokens }) => promptTokens)).toEqual(
        plain.map((prompt) => prompt.promptTokens),
      );
      // A mark has five words here.
      expect(marked.map(({ text }) => text.split(' ').slice(5))).toEqual(
        plain.map(({ text }) => text.split(' ').slice(5)),
      );
    }
  });

  it('takes ids of the vocabulary that is given', async () => {
    const tokenizer = await wordTokenizer(5000);
    const { measured } = await make({ tokenizer, vocabulary: { first: 100, end: 130 }, numPrompts: 10 });
    const ids = promptsIn(measured).flatMap(({ text }) => text.match(/\d+/g)?.map(Number) ?? []);
    expect([Math.min(...ids), Math.max(...ids)]).toEqual([100, 129]);
  });

  it('counts the chat template into the length', async () => {
    const { measured } = await make({ useChatTemplate: true, inputLen: 60, rangeRatio: 1, numPrompts: 4 });
    for (const { text, promptTokens, requestedPromptTokens } of promptsIn(measured)) {
      expect(requestedPromptTokens).toBe(60);
      expect(promptTokens).toBe(byteLevel.encode(text).length);
      expect(text).toMatch(/^<s>\s*<\|user\|>.*<\|assistant\|>\n$/s);
    }
  });

  it('refuses a chat template that there is none of, or no room for', async () => {
    await expect(make({ useChatTemplate: true, inputLen: 5 })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
    });
    const tokenizer = await wordTokenizer(5000);
    await expect(make({ tokenizer, useChatTemplate: true })).rejects.toMatchObject({
      code: 'TOKENIZER_INVALID',
    });
  });

  it('makes more text than it keeps in the heap', async () => {
    const tokenizer: Tokenizer = {
      vocabSize: 1000,
      encode: () => Array.from({ length: 10 }, () => 0),
      decode: ([first = 0]) => String(first).padEnd(2 ** 20, '.'),
    };
    const { measured } = await make({ tokenizer, inputLen: 10, rangeRatio: 1, numPrompts: 40 });
    const words = await make({
      tokenizer: await wordTokenizer(1000),
      inputLen: 10,
      rangeRatio: 1,
      numPrompts: 40,
    });
    expect(promptsIn(measured).map(({ text }) => parseInt(text, 10))).toEqual(
      promptsIn(words.measured).map(({ text }) => Number(/\d+/.exec(text)?.[0])),
    );
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    // Slow enough that other work runs while texts are made.
    const slow: Tokenizer = {
      vocabSize: 100,
      encode: (text) => {
        const begun = performance.now();
        while (performance.now() - begun < 25);
        return text.split(' ').map(Number);
      },
      decode: (ids) => ids.join(' '),
    };
    const making = make({ tokenizer: slow, numPrompts: 10_000, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(making).rejects.toThrow('enough');
  });

  it('stops its threads when it is told to', async () => {
    const stop = new AbortController();
    const options = optionsFor({ numPrompts: 100_000, threads: 2, signal: stop.signal });
    const making = makeBuilt(options);
    stop.abort(new Error('enough'));
    await expect(making).rejects.toThrow('enough');
  });

  it('tells when a thread fails', async () => {
    const tokenizer = { ...byteLevel, encode: () => [], decode: () => '', vocabSize: 600 };
    const origin = { file: join(folder, 'gone.json'), digest: '' };
    const options = optionsFor({ tokenizer: { ...tokenizer, origin }, threads: 2 });
    await expect(makeBuilt(options)).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      message: expect.stringContaining('there is no such file or folder') as string,
    });
  });
});
