import { describe, expect, it } from 'vitest';
import { Mt19937 } from '../../../src/load/prompts/mt19937.js';
import type { RandomPrompts } from '../../../src/load/workloads/random-schema.js';
import { commonLength, contents, longestCommon, make, promptsOf, toyTokenizer } from './subject.js';

const spec = (changes: Partial<RandomPrompts> = {}): RandomPrompts => ({
  kind: 'random',
  form: 'auto',
  inputLen: 40,
  outputLen: 10,
  rangeRatio: 0.5,
  seed: 3,
  ...changes,
});

describe('random prompts with a prefix', () => {
  it('are those that InferenceX draws', async () => {
    // The draws of sample_random_requests, in its order.
    const numpy = new Mt19937(3);
    const prefix = numpy.integers(0, 29_000, 5);
    const inputLens = numpy.integers(20, 41, 4);
    const outputLens = numpy.integers(5, 11, 4);
    const offsets = numpy.integers(0, 29_000, 4);
    const { measured } = await make({
      prompts: spec({ prefixLen: 5, vocabulary: { first: 0, end: 29_000 } }),
      numPrompts: 4,
    });
    const expected = offsets.map((offset, i) => [
      ...prefix,
      ...Array.from({ length: inputLens[i] ?? 0 }, (_, j) => (offset + i + j) % 29_000),
    ]);
    expect(contents(measured)).toEqual(expected);
    expect(promptsOf(measured).map(({ lengths }) => lengths)).toEqual(
      expected.map(({ length }, i) => ({
        promptTokens: length,
        requestedPromptTokens: length,
        requestedOutputTokens: outputLens[i],
      })),
    );
  });

  it.each(['token-ids', 'text'] as const)('leave it out of warm-ups: %s', async (form) => {
    const { measured, warmups } = await make({ prompts: spec({ form, prefixLen: 30 }) });
    const [first = [], ...others] = contents(measured);
    for (const other of others) expect(commonLength(first, other)).toBeGreaterThanOrEqual(30);
    for (const warmup of contents(warmups)) expect(commonLength(first, warmup)).toBeLessThan(8);
  });
});

describe.each(['token-ids', 'text'] as const)('random prompts with marks, of %s', (form) => {
  it('share nothing, in a run or between two, at the same lengths', async () => {
    const [plain, one, other] = await Promise.all(
      [undefined, 0, 1].map((bustCache) => make({ prompts: spec({ form, bustCache }), numPrompts: 200 })),
    );
    const all = [one, other].flatMap((prompts) =>
      prompts === undefined ? [] : [...contents(prompts.measured), ...contents(prompts.warmups)],
    );
    expect(all).toHaveLength(410);
    expect(longestCommon(all)).toBeLessThan(form === 'text' ? 8 : 3);
    const lengths = (prompts: typeof plain) =>
      prompts === undefined ? [] : contents(prompts.measured).map(({ length }) => length);
    expect(lengths(one)).toEqual(lengths(plain));
  });

  it('are the same in a run of the same number', async () => {
    const [one, again] = await Promise.all(
      [5, 5].map(async (bustCache) =>
        contents((await make({ prompts: spec({ form, bustCache }) })).measured),
      ),
    );
    expect(again).toEqual(one);
  });

  it('are no longer than asked for, however short', async () => {
    const { measured } = await make({
      prompts: spec({ form, bustCache: 1, inputLen: 3, rangeRatio: 1 }),
      countTokens: (text) => text.split(' ').length - 1,
    });
    for (const { json } of promptsOf(measured)) {
      const prompt = JSON.parse(json) as string | readonly number[];
      expect(typeof prompt === 'string' ? prompt.split(' ').length - 1 : prompt.length).toBe(3);
    }
  });
});

it('random prompts begin alike now and then without a mark, as InferenceX draws them', async () => {
  const { measured } = await make({ prompts: spec(), numPrompts: 1000 });
  const starts = contents(measured).map(([start]) => start);
  expect(new Set(starts).size).toBeLessThan(1000);
});

describe('random prompts with a tokenizer', () => {
  it('are ids of its vocabulary where ids are insisted on', async () => {
    const { facts } = await make({ prompts: spec({ form: 'token-ids' }), tokenizer: toyTokenizer });
    expect(facts).toEqual({ form: 'token-ids', vocabulary: { first: 0, end: 5000 }, notes: [] });
  });

  it.each([
    [undefined, 'auto'],
    [toyTokenizer, 'token-ids'],
  ] as const)('have no chat template otherwise', async (tokenizer, form) => {
    const prompts = spec({ form, useChatTemplate: true });
    await expect(make({ prompts, ...(tokenizer && { tokenizer }) })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      where: { key: 'prompts.useChatTemplate' },
    });
  });
});
