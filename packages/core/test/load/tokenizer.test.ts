import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer.js';
import type { ChatMessage, Tokenizer } from '../../src/tokenizer/tokenizer.js';

/** Python's output: see make.py there. */
const FIXTURES = join(import.meta.dirname, '../fixtures/tokenizers');

interface Expected {
  readonly texts: readonly string[];
  readonly messages: readonly (readonly ChatMessage[])[];
  readonly chats: readonly string[];
  readonly variants: readonly {
    readonly base: string;
    readonly name: string;
    readonly changes: Readonly<Record<string, unknown>>;
    readonly vocabSize: number;
    readonly encoded: readonly (readonly number[])[];
    readonly decoded: readonly { readonly ids: readonly number[]; readonly text: string }[];
  }[];
}

const expected = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')) as Expected;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-tokenizer-'));
});

afterAll(() => rm(folder, { recursive: true }));

type Json = Record<string, unknown>;

async function baseOf(name: string): Promise<Json> {
  return JSON.parse(await readFile(join(FIXTURES, name, 'tokenizer.json'), 'utf8')) as Json;
}

/** Loads a tokenizer.json with some of its parts changed; keys are paths. */
async function load(json: Json, changes: Json = {}): Promise<Tokenizer> {
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    keys.reduce((at, key) => at[key] as Json, json)[last] = value;
  }
  const file = join(await mkdtemp(join(folder, 't-')), 'tokenizer.json');
  await writeFile(file, JSON.stringify(json));
  return loadTokenizer(file, {});
}

function splitAt(pattern: Json): Json {
  return { type: 'Split', pattern, behavior: 'Isolated', invert: false };
}

function failure(loading: Promise<Tokenizer>) {
  return expect(loading).rejects.toMatchObject({ code: 'TOKENIZER_INVALID' });
}

describe.each(expected.variants)('a tokenizer like $name', (variant) => {
  it('gives what it gives in Python', async () => {
    const tokenizer = await load(await baseOf(variant.base), variant.changes);
    expect(tokenizer.vocabSize).toBe(variant.vocabSize);
    const ids = expected.texts.map((text) => tokenizer.encode(text));
    expect(ids).toEqual(variant.encoded);
    // Texts that were encoded before come from the cache.
    expect(expected.texts.map((text) => tokenizer.encode(text))).toEqual(variant.encoded);
    for (const { ids, text } of variant.decoded) expect(tokenizer.decode(ids)).toBe(text);
  });
});

describe('a word-level tokenizer', () => {
  const words = { type: 'WordLevel', vocab: { '[UNK]': 0, one: 1, two: 2, three: 3 }, unk_token: '[UNK]' };
  const json = { added_tokens: [], pre_tokenizer: { type: 'WhitespaceSplit' }, model: words };

  it('has an id for each word', async () => {
    const tokenizer = await load({ ...json });
    expect(tokenizer.vocabSize).toBe(4);
    expect(tokenizer.encode('two  one\nfour\u00a0three ')).toEqual([2, 1, 0, 3]);
    expect(tokenizer.decode([3, 9, 2])).toBe('three two');
  });

  it('needs a token for unknown words when there are any', async () => {
    const tokenizer = await load({ ...json, model: { ...words, unk_token: undefined } });
    expect(() => tokenizer.encode('four')).toThrow(/neither the word "four"/);
  });
});

describe('a chat template', () => {
  it('is rendered as transformers renders it', async () => {
    const tokenizer = await loadTokenizer(join(FIXTURES, 'byte-level'), {});
    expect(expected.messages.map((messages) => tokenizer.applyChatTemplate?.(messages))).toEqual(
      expected.chats,
    );
  });

  it('in a file of its own goes before that of the config', async () => {
    const place = await mkdtemp(join(folder, 't-'));
    await writeFile(join(place, 'tokenizer.json'), JSON.stringify(await baseOf('byte-level')));
    const named = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: '{{ eos_token }}: {{ messages[0].content }}' },
    ];
    await writeFile(
      join(place, 'tokenizer_config.json'),
      JSON.stringify({ chat_template: named, eos_token: '!' }),
    );
    const messages = [{ role: 'user', content: 'x' }];
    expect((await loadTokenizer(place, {})).applyChatTemplate?.(messages)).toBe('!: x');
    await writeFile(join(place, 'chat_template.jinja'), '[{{ messages[0].role }}]');
    const tokenizer = await loadTokenizer(place, {});
    expect(tokenizer.applyChatTemplate?.(messages)).toBe('[user]');
  });

  it('that is missing or fails is an error', async () => {
    const without = await loadTokenizer(join(FIXTURES, 'metaspace'), {});
    expect(() => without.applyChatTemplate?.([])).toThrow('it has no chat template');
    const place = await mkdtemp(join(folder, 't-'));
    await writeFile(join(place, 'tokenizer.json'), JSON.stringify(await baseOf('byte-level')));
    await writeFile(join(place, 'chat_template.jinja'), "{{ raise_exception('user first') }}");
    const tokenizer = await loadTokenizer(place, {});
    expect(() => tokenizer.applyChatTemplate?.([])).toThrow(/chat template: .*user first/);
  });
});

describe('loadTokenizer', () => {
  const vocabSize = expected.variants[0]?.vocabSize;

  async function repository(cache: string, name: string, commit: string): Promise<string> {
    const place = join(cache, `models--${name.replace('/', '--')}`);
    await mkdir(join(place, 'snapshots', commit), { recursive: true });
    const file = join(place, 'snapshots', commit, 'tokenizer.json');
    await writeFile(file, JSON.stringify(await baseOf('byte-level')));
    return place;
  }

  it('finds a repository in the Hugging Face cache, wherever that is', async () => {
    const home = await mkdtemp(join(folder, 'home-'));
    const name = 'acme/Model-1.5B';
    const hub = join(home, '.cache', 'huggingface', 'hub');
    const place = await repository(hub, name, 'abc');
    await repository(hub, name, 'older');
    await mkdir(join(place, 'refs'));
    await writeFile(join(place, 'refs', 'main'), 'abc\n');
    for (const env of [
      { HF_HUB_CACHE: hub, HOME: '/nowhere' },
      { HF_HOME: join(home, '.cache', 'huggingface'), HOME: '/nowhere' },
      { XDG_CACHE_HOME: join(home, '.cache'), HOME: '/nowhere' },
      { HOME: home },
    ]) {
      const tokenizer = await loadTokenizer(name, env);
      expect(tokenizer.vocabSize).toBe(vocabSize);
      expect(tokenizer.origin?.file).toBe(join(place, 'snapshots', 'abc', 'tokenizer.json'));
    }
  });

  it('takes the only snapshot when none is called main, and does not choose among several', async () => {
    const HF_HUB_CACHE = await mkdtemp(join(folder, 'hub-'));
    await repository(HF_HUB_CACHE, 'acme/model', 'abc');
    expect((await loadTokenizer('acme/model', { HF_HUB_CACHE })).vocabSize).toBe(vocabSize);
    await repository(HF_HUB_CACHE, 'acme/model', 'def');
    await failure(loadTokenizer('acme/model', { HF_HUB_CACHE }));
  });

  it('tells of other content by another digest', async () => {
    const [a, b, c] = await Promise.all([
      load(await baseOf('byte-level')),
      load(await baseOf('byte-level')),
      load(await baseOf('byte-level'), { normalizer: { type: 'NFC' } }),
    ]);
    expect(a.origin?.digest).toBe(b.origin?.digest);
    expect(a.origin?.digest).not.toBe(c.origin?.digest);
  });

  it('tells what is wrong and what to do', async () => {
    await expect(loadTokenizer('acme/none', { HF_HUB_CACHE: folder })).rejects.toMatchObject({
      code: 'TOKENIZER_INVALID',
      where: { file: join(folder, 'models--acme--none') },
      hint: expect.stringContaining('hf download') as string,
    });
    await failure(loadTokenizer(join(folder, 'no', 'such', 'folder'), {}));
    await failure(loadTokenizer(await mkdtemp(join(folder, 'empty-')), {}));
    const file = join(await mkdtemp(join(folder, 't-')), 'tokenizer.json');
    await writeFile(file, '{');
    await failure(loadTokenizer(file, {}));
    await writeFile(file, '{"model": 1}');
    await expect(loadTokenizer(file, {})).rejects.toMatchObject({ where: { file, key: 'model' } });
  });

  it.each([
    ['a model', { model: { type: 'Unigram', vocab: [] } }, 'model.type'],
    ['a normalizer', { normalizer: { type: 'Magic' } }, 'normalizer'],
    ['a pre-tokenizer', { pre_tokenizer: { type: 'Magic' } }, 'pre_tokenizer'],
    ['a decoder', { decoder: { type: 'Magic' } }, 'decoder'],
    ['dropout', { 'model.dropout': 0.1 }, 'model.dropout'],
    ['merges', { 'model.merges': [['no', 'such']] }, 'model.merges.0'],
    ['a model without merges', { 'model.merges': undefined }, 'model.merges'],
    ['a model without a vocabulary', { 'model.vocab': undefined }, 'model.vocab'],
    ['an empty vocabulary', { 'model.vocab': {} }, 'model.vocab'],
    ['a vocabulary without ids', { 'model.vocab': [['a', -1]] }, 'model.vocab'],
    ['ids that are none', { 'model.vocab.a': 0.5 }, 'model.vocab'],
    ['an id that would take up all memory', { 'model.vocab.a': 1e9 }, 'model.vocab'],
    ['an added token of such an id', { added_tokens: [{ id: 1e9, content: 'x' }] }, 'added_tokens.0.id'],
    ['a part of a pre-tokenizer', { pre_tokenizer: { type: 'Sequence' } }, 'pre_tokenizer.pretokenizers'],
    ['a pattern', { pre_tokenizer: splitAt({ Regex: '(?:ab)++' }) }, 'pattern'],
    ['a pattern that is none', { pre_tokenizer: splitAt({}) }, 'pattern'],
  ])('refuses %s that it cannot give exactly', async (_, changes, key) => {
    await expect(load(await baseOf('byte-level'), changes)).rejects.toMatchObject({
      code: 'TOKENIZER_INVALID',
      where: { key, file: expect.stringContaining('tokenizer.json') as string },
    });
  });
});
