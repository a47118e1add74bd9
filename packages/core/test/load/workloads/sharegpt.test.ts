import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShareGptPrompts } from '../../../src/load/workloads/sharegpt.js';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.js';
import { contents, make, promptsOf } from './subject.js';

/** One token per word. */
const words: Tokenizer = {
  vocabSize: 100,
  encode: (text) => text.split(' ').map((_, i) => i),
  decode: (ids) => ids.join(' '),
};

const text = (name: string, tokens: number) => [name, ...Array<string>(tokens - 1).fill('x')].join(' ');
const human = (name: string, tokens: number) => ({ from: 'human', value: text(name, tokens) });
const gpt = (tokens: number) => ({ from: 'gpt', value: text('answer', tokens) });

/** Twelve that pass the filters; the others don't. */
const ENTRIES = [
  ...Array.from({ length: 12 }, (_, i) => ({
    id: `e${i}`,
    conversations: [human(`h${i}`, 10 + i), gpt(20 + i), human(`then${i}`, 5), gpt(6), human(`open${i}`, 9)],
  })),
  { id: 'alone', conversations: [human('alone', 10)] },
  { id: 'none' },
  { id: 'short', conversations: [human('short', 3), gpt(10)] },
  { id: 'short-answer', conversations: [human('short-answer', 10), gpt(3)] },
  { id: 'long', conversations: [human('long', 1025), gpt(10)] },
  { id: 'long-together', conversations: [human('long-together', 1000), gpt(1049)] },
];

let folder = '';
let count = 0;

beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'sharegpt-'))));
afterAll(() => rm(folder, { recursive: true }));

async function dataset(content: string = JSON.stringify(ENTRIES, undefined, 1)): Promise<string> {
  const path = join(folder, `data-${count++}.json`);
  await writeFile(path, content);
  return path;
}

async function spec(changes: Partial<ShareGptPrompts> = {}): Promise<ShareGptPrompts> {
  return {
    kind: 'sharegpt',
    conversations: false,
    think: { distribution: 'fixed', ms: 30 },
    minTokens: 4,
    maxPromptTokens: 1024,
    maxTotalTokens: 2048,
    seed: 0,
    ...changes,
    path: changes.path ?? (await dataset()),
  };
}

async function makeOf(changes: Partial<ShareGptPrompts> = {}, counts = { numPrompts: 10, numWarmups: 2 }) {
  return make({ prompts: await spec(changes), tokenizer: words, ...counts });
}

const firstWords = (set: Parameters<typeof contents>[0]) => contents(set).map(([word]) => word);

describe('prompts of a ShareGPT file', () => {
  it('are the first questions that pass the filters, in the order in which Python shuffles them', async () => {
    const { measured, warmups } = await makeOf();
    // random.seed(0); random.shuffle(list(range(16))): entries of two messages or more; 12 to 15 don't pass the filters.
    const order = [10, 14, 5, 1, 9, 2, 3, 11, 13, 7, 8, 4, 0, 6, 15, 12].filter((i) => i < 12);
    expect([...firstWords(measured), ...firstWords(warmups)]).toEqual(order.map((i) => `h${i}`));
  });

  it('have the lengths of questions and answers', async () => {
    const { measured } = await makeOf();
    for (const { json, lengths } of promptsOf(measured)) {
      const index = Number(/^"h(\d+)/.exec(json)?.[1]);
      expect(lengths).toEqual({
        promptTokens: 10 + index,
        requestedPromptTokens: 10 + index,
        requestedOutputTokens: 20 + index,
      });
    }
  });

  it('take another output length for all, and answers of any length then', async () => {
    const all = await makeOf({ outputLen: 2, maxTotalTokens: 1026 }, { numPrompts: 14, numWarmups: 0 });
    const names = firstWords(all.measured);
    expect(names).toContain('short-answer');
    expect(names).toContain('long-together');
    expect(new Set(promptsOf(all.measured).map(({ lengths }) => lengths.requestedOutputTokens))).toEqual(
      new Set([2]),
    );
  });

  it('follow one another in conversations, whose answers are left to the model', async () => {
    const { measured } = await makeOf({ conversations: true }, { numPrompts: 7, numWarmups: 2 });
    if (measured.kind !== 'stored') throw new Error('not stored');
    expect(firstWords(measured).map((word) => /^[a-z]+/.exec(String(word))?.[0])).toEqual([
      'h',
      'then',
      'h',
      'then',
      'h',
      'then',
      'h',
    ]);
    expect(measured.conversations?.first).toEqual(Uint32Array.of(0, 2, 4, 6, 7));
    expect(measured.conversations?.thinkMs).toEqual(Float64Array.of(0, 30, 0, 30, 0, 30, 0));
    const [first, second] = promptsOf(measured).map(({ lengths }) => lengths);
    expect(second).toEqual({
      requestedPromptTokens: (first?.requestedPromptTokens ?? 0) + (first?.requestedOutputTokens ?? 0) + 5,
      requestedOutputTokens: 6,
    });
  });

  it('end where a conversation gets too long', async () => {
    const { measured } = await makeOf(
      { conversations: true, maxTotalTokens: 60 },
      { numPrompts: 12, numWarmups: 0 },
    );
    const long = firstWords(measured).filter((word) => /^then(10|11)$/.test(String(word)));
    expect(long).toEqual([]);
    expect(firstWords(measured)).toContain('then2');
  });

  it('begin with marks of their own when they are to be in no cache', async () => {
    const [one, other] = await Promise.all([1, 2].map((bustCache) => makeOf({ bustCache })));
    const texts = [one, other].flatMap((prompts) => promptsOf(prompts?.measured ?? never()));
    const marks = texts.map(({ json }) => (JSON.parse(json) as string).split('\n\n')[0]);
    expect(new Set(marks).size).toBe(20);
    for (const { json, lengths } of texts) {
      expect(lengths.promptTokens).toBe(words.encode(JSON.parse(json) as string).length);
    }
  });

  it('need a tokenizer', async () => {
    await expect(make({ prompts: await spec() })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      hint: expect.stringContaining('--tokenizer') as string,
    });
  });

  it.each([
    ['are asked for', JSON.stringify(ENTRIES), {}],
    ['not JSON', '[\n{"conversations": []},\n{"conversations" []}]', { line: 3, key: '1' }],
    [
      'conversations.0.value',
      '[{}, {"conversations": [{"from": "human"}]}]',
      { line: 1, key: '1.conversations.0.value' },
    ],
    ['its end is missing', '[{"conversations": []}, {"conv', {}],
    ['its end is missing', '', {}],
    ['expected a JSON array', '{"conversations": []}\n{"conversations": []}', { line: 1 }],
    ['expected a JSON array', '\n{"0": {"conversations": []}}', { line: 2 }],
    ['expected a JSON array', '<html>\n[{"conversations": []}]', { line: 1 }],
    ['expected a JSON array', '[{"conversations": []},\n5]', { line: 2 }],
    ['expected a JSON array', '[{"conversations": []}]\n[{"conversations": []}]', { line: 2 }],
    ['longer than 16 MiB', `[{},\n{"conversations": "${'x'.repeat(2 ** 24)}`, { line: 2, key: '1' }],
  ])('tell what is wrong with a file, and where: %s', async (message, content, where) => {
    const path = await dataset(content);
    await expect(makeOf({ path }, { numPrompts: 11, numWarmups: 2 })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringContaining(message) as string,
      where: { file: path, ...where },
    });
  });

  it('are found behind a byte order mark', async () => {
    const path = await dataset(`\ufeff${JSON.stringify(ENTRIES)}`);
    expect(firstWords((await makeOf({ path })).measured)).toHaveLength(10);
  });

  it('are found across the pieces that a file is read in, with brackets and quotes in their texts', async () => {
    const strange = `]}"\\é${'y'.repeat(300_000)}`;
    const entries = Array.from({ length: 12 }, (_, i) => ({
      conversations: [{ value: `q${i} a b c ${strange}` }, gpt(5)],
      noise: [{ deep: [strange] }],
    }));
    const path = await dataset(JSON.stringify(entries));
    const { measured } = await makeOf({ path }, { numPrompts: 12, numWarmups: 0 });
    expect(new Set(firstWords(measured)).size).toBe(12);
    for (const { json } of promptsOf(measured)) expect(JSON.parse(json)).toMatch(strange.slice(-9));
  });
});

function never(): never {
  throw new Error('no prompts');
}
