import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, promptCacheIn } from '../../src/load/prompts/cache.js';
import { PromptStoreBuilder } from '../../src/load/prompts/prompt-store.js';
import { cachedRandomTexts } from '../../src/load/prompts/tokenized-cache.js';
import { makeRandomTexts, type RandomTextOptions } from '../../src/load/prompts/tokenized.js';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer.js';

const TOKENIZER = join(import.meta.dirname, '../fixtures/tokenizers/byte-level');

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sweepline-cache-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const store = new PromptStoreBuilder()
  .add('"one — ünö"', { promptTokens: 3, requestedPromptTokens: 4, requestedOutputTokens: 5 })
  .add('""', { requestedPromptTokens: 1, requestedOutputTokens: 1 })
  .add('"three"', { promptTokens: 1, requestedPromptTokens: 1, requestedOutputTokens: 9 })
  .build();

function onlyFile(): string {
  const names = readdirSync(join(folder, 'prompts'));
  expect(names).toHaveLength(1);
  return join(folder, 'prompts', names[0] ?? '');
}

describe('a prompt cache', () => {
  it('gives back what was kept, under its key alone', async () => {
    const cache = promptCacheIn(folder);
    expect(await cache.load('a')).toBeUndefined();
    await cache.save('a', store);
    expect(await promptCacheIn(folder).load('a')).toEqual(store);
    expect(await cache.load('b')).toBeUndefined();
    const other = new PromptStoreBuilder().build();
    await cache.save('a', other);
    expect(await cache.load('a')).toEqual(other);
    onlyFile();
  });

  it('takes no file that was changed, cut, or is of something else, and writes it anew', async () => {
    const cache = promptCacheIn(folder);
    await cache.save('b', store);
    const foreign = readFileSync(onlyFile());
    rmSync(onlyFile());
    await cache.save('a', store);
    const whole = readFileSync(onlyFile());
    const flipped = Buffer.from(whole);
    flipped[whole.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    for (const bytes of [flipped, whole.subarray(0, -1), whole.subarray(0, 40), Buffer.alloc(0), foreign]) {
      writeFileSync(onlyFile(), bytes);
      expect(await cache.load('a')).toBeUndefined();
      await cache.save('a', store);
      expect(await cache.load('a')).toEqual(store);
    }
  });

  it('has no more bytes than it is told to, and forgets what was used longest ago', async () => {
    await promptCacheIn(folder).save('a', store);
    const { size } = statSync(onlyFile());
    const cache = promptCacheIn(folder, { mostBytes: 3 * size });
    await cache.save('b', store);
    // Left by a process that ended while it was writing.
    writeFileSync(join(folder, 'prompts', 'unfinished'), Buffer.alloc(size));
    for (const name of readdirSync(join(folder, 'prompts'))) {
      utimesSync(join(folder, 'prompts', name), 1000, name === 'unfinished' ? 2000 : 1000);
    }
    expect(await cache.load('a')).toEqual(store);
    await cache.save('c', store);
    expect(await cache.load('b')).toBeUndefined();
    expect(readdirSync(join(folder, 'prompts'))).toHaveLength(3);
    await cache.save('d', store);
    expect(existsSync(join(folder, 'prompts', 'unfinished'))).toBe(false);
    for (const key of ['a', 'c', 'd']) expect(await cache.load(key)).toEqual(store);
    const small = promptCacheIn(folder, { mostBytes: size - 1 });
    await small.save('e', store);
    expect(await small.load('e')).toBeUndefined();
    for (const key of ['a', 'c', 'd']) expect(await cache.load(key)).toEqual(store);
  });

  it('that cannot be written is no error and leaves nothing behind', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const told: string[] = [];
    const cache = promptCacheIn(file, { onProblem: (message) => told.push(message) });
    await cache.save('a', store);
    await cache.save('b', store);
    expect(await cache.load('a')).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['file']);
    // Reported once, since nothing changes from one run to the next.
    expect(told).toEqual([expect.stringContaining(`prompts can't be kept in ${file}`)]);
    expect(told[0]).toMatch(/ENOTDIR|EEXIST/);
  });
});

describe('cacheFolder', () => {
  it('is that of Sweepline, else that of the XDG specification', () => {
    const env = { SWEEPLINE_CACHE: '/own', XDG_CACHE_HOME: '/xdg', HOME: '/home/me' };
    expect(cacheFolder(env)).toBe('/own');
    expect(cacheFolder({ ...env, SWEEPLINE_CACHE: '' })).toBe('/xdg/sweepline');
    expect(cacheFolder({ HOME: '/home/me' })).toBe('/home/me/.cache/sweepline');
  });
});

describe('cachedRandomTexts', () => {
  async function options(changes: Partial<RandomTextOptions> = {}): Promise<RandomTextOptions> {
    return {
      prompts: { kind: 'random', form: 'text', inputLen: 30, outputLen: 9, rangeRatio: 1, seed: 0 },
      numPrompts: 6,
      numWarmups: 2,
      tokenizer: await loadTokenizer(TOKENIZER, {}),
      signal: new AbortController().signal,
      ...changes,
    };
  }

  it('makes texts once, and others where anything differs that they depend on', async () => {
    const cache = promptCacheIn(folder);
    const wanted = await options();
    const made = await cachedRandomTexts(wanted, cache);
    expect(made).toEqual(await makeRandomTexts(wanted));
    // Read from the cache: making texts would need the tokenizer.
    const { origin, vocabSize } = wanted.tokenizer;
    const unused = (): never => {
      throw new Error('made');
    };
    const tokenizer = { vocabSize, encode: unused, decode: unused, ...(origin !== undefined && { origin }) };
    expect(await cachedRandomTexts({ ...wanted, tokenizer }, cache)).toEqual(made);
    const other = { file: '', digest: 'other' };
    for (const changes of [
      { numPrompts: 7 },
      { numWarmups: 3 },
      { prompts: { ...wanted.prompts, seed: 1 } },
      { tokenizer: { ...tokenizer, origin: other } },
    ]) {
      await expect(cachedRandomTexts({ ...wanted, tokenizer, ...changes }, cache)).rejects.toThrow('made');
    }
  });

  it('keeps nothing for a tokenizer that is made by a program', async () => {
    const { vocabSize, ...loaded } = await loadTokenizer(TOKENIZER, {});
    expect(loaded.origin).toBeDefined();
    const tokenizer = { vocabSize, encode: () => Array.from({ length: 30 }, () => 1), decode: () => 'text' };
    await cachedRandomTexts(await options({ tokenizer }), promptCacheIn(folder));
    expect(existsSync(join(folder, 'prompts'))).toBe(false);
  });
});
