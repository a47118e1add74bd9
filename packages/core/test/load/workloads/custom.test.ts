import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { custom, type CustomPrompts } from '../../../src/load/workloads/custom.js';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.js';
import { longestCommon, make, promptsOf } from './subject.js';

/** One token per word. */
const words: Tokenizer = {
  vocabSize: 100,
  encode: (text) => text.split(' ').map((_, i) => i),
  decode: (ids) => ids.join(' '),
};

let folder = '';
let count = 0;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'custom-'))));
afterAll(() => rm(folder, { recursive: true }));

async function spec(rows: readonly unknown[], changes: Partial<CustomPrompts> = {}): Promise<CustomPrompts> {
  const path = join(folder, `${count++}.jsonl`);
  await writeFile(path, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
  return { kind: 'custom', path, promptColumn: 'prompt', ...changes };
}

const ROWS = [
  { prompt: 'the first of all', output_tokens: 7 },
  { prompt: 'a second "prompt"\n', output_tokens: 3 },
  { prompt: 'third 数', other: [1] },
];
const texts = (set: Parameters<typeof promptsOf>[0]) =>
  promptsOf(set).map(({ json }) => JSON.parse(json) as string);

describe('prompts of JSON lines', () => {
  it('are sent as they are, in the order of the file', async () => {
    const { measured, facts } = await make({ prompts: await spec(ROWS), numPrompts: 3, numWarmups: 0 });
    expect(texts(measured)).toEqual(ROWS.map(({ prompt }) => prompt));
    expect(promptsOf(measured).map(({ lengths }) => lengths)).toEqual([
      { requestedOutputTokens: 7 },
      { requestedOutputTokens: 3 },
      { requestedOutputTokens: 256 },
    ]);
    expect(facts).toEqual({
      form: 'text',
      notes: ['1 of 3 prompts have no output length: 256 tokens are used'],
    });
  });

  it('may begin with a byte order mark, and end lines as Windows does', async () => {
    const prompts = await spec(['\ufeff{"prompt":"one"}\r', '{"prompt":"two"}\r']);
    const { measured } = await make({ prompts, numPrompts: 2, numWarmups: 0 });
    expect(texts(measured)).toEqual(['one', 'two']);
  });

  it('are counted by a tokenizer, and have one output length if that is given', async () => {
    const prompts = await spec(ROWS, { outputLen: 5 });
    const { measured, facts } = await make({ prompts, numPrompts: 2, numWarmups: 0, tokenizer: words });
    expect(promptsOf(measured).map(({ lengths }) => lengths)).toEqual([
      { promptTokens: 4, requestedPromptTokens: 4, requestedOutputTokens: 5 },
      { promptTokens: 3, requestedPromptTokens: 3, requestedOutputTokens: 5 },
    ]);
    expect(facts.notes).toEqual([]);
  });

  it('have warm-ups that share nothing with them, also more than there are prompts', async () => {
    const { measured, warmups } = await make({ prompts: await spec(ROWS), numPrompts: 3, numWarmups: 5 });
    expect(promptsOf(warmups)).toHaveLength(5);
    const beginnings = [...texts(measured), ...texts(warmups).slice(0, 1)].map((text) => text.split(' '));
    expect(longestCommon(beginnings)).toBe(0);
  });

  it('get a beginning of their own where caches are busted', async () => {
    const prompts = await spec([{ prompt: 'same' }, { prompt: 'same' }], { bustCache: 9 });
    const { measured } = await make({ prompts, numPrompts: 2, numWarmups: 0 });
    const [one, two] = texts(measured);
    expect(one).toMatch(/same$/);
    expect(one).not.toEqual(two);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'hello', 'hello'],
    ['the first of several texts', ['one', 'two'], 'one'],
    [
      'what a user said first',
      [
        { role: 'system', content: 's' },
        { role: 'user', content: 'u' },
      ],
      'u',
    ],
    [
      'the same in the words of ShareGPT',
      [
        { from: 'human', value: 'h' },
        { from: 'gpt', value: 'g' },
      ],
      'h',
    ],
  ])('are %s', async (_name, prompt, text) => {
    const { measured } = await make({ prompts: await spec([{ prompt }]), numPrompts: 1, numWarmups: 0 });
    expect(texts(measured)).toEqual([text]);
  });

  it('are as long as texts of another column', async () => {
    const prompts = await spec([{ prompt: 'p', answer: 'three words here' }], { outputColumn: 'answer' });
    const counted = await make({ prompts, numPrompts: 1, numWarmups: 0, tokenizer: words });
    expect(promptsOf(counted.measured)[0]?.lengths.requestedOutputTokens).toBe(3);
    await expect(make({ prompts, numPrompts: 1, numWarmups: 0 })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringContaining('no tokenizer') as string,
      where: { line: 1 },
    });
  });

  it.each<[string, readonly unknown[], Partial<CustomPrompts>, RegExp, number | undefined]>([
    [
      'a column that is misspelt',
      ROWS,
      { promptColumn: 'promt' },
      /no column promt; did you mean prompt\?; there are: prompt, output_tokens/,
      1,
    ],
    ['a column of outputs that is not there', ROWS, { outputColumn: 'answer' }, /no column answer/, 1],
    ['no text', [{ prompt: 5 }], {}, /prompt: expected a text/, 1],
    ['an empty text', [ROWS[0], { prompt: '' }], {}, /prompt: expected a text that is not empty/, 2],
    ['messages without a user', [{ prompt: [{ role: 'assistant', content: 'a' }] }], {}, /one of a user/, 1],
    [
      'no number of tokens',
      [{ prompt: 'p', output_tokens: 1.5 }],
      {},
      /output_tokens: expected a whole number/,
      1,
    ],
    ['0 tokens', [{ prompt: 'p', output_tokens: 0 }], {}, /above 0/, 1],
    ['a line that is cut', [ROWS[0], '{"prompt": "p'], {}, /not JSON/, 2],
    ['an array', ['["p"]'], {}, /expected (record|object)|Invalid input/, 1],
    ['too few prompts', [ROWS[0]], {}, /the data set has 1 prompts, but 2 are asked for/, undefined],
  ])('are refused with their place: %s', async (_name, rows, changes, message, line) => {
    const made = make({ prompts: await spec(rows, changes), numPrompts: 2, numWarmups: 0 });
    await expect(made).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringMatching(message) as string,
      where: { file: expect.stringContaining('.jsonl') as string, ...(line !== undefined && { line }) },
    });
  });

  it('are as many as the file has, up to a thousand, where nobody says how many', async () => {
    const rows = (length: number) => Array.from({ length }, (_, i) => ({ prompt: `p${i}` }));
    expect(await custom.facts?.(await spec(rows(3)))).toEqual({ count: 3 });
    expect(await custom.facts?.(await spec(rows(1001)))).toEqual({ count: 1000 });
    expect(await custom.facts?.(await spec(rows(1001)), 1001)).toEqual({ count: 1001 });
    await expect(custom.facts?.(await spec(['']))).rejects.toMatchObject({ code: 'WORKLOAD_INVALID' });
  });
});
