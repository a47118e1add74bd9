import { describe, expect, it } from 'vitest';
import type { SharedPrefixPrompts } from '../../../src/load/workloads/shared-prefix.js';
import { commonLength, contents, longestCommon, make, promptsOf, toyTokenizer } from './subject.js';

const spec = (changes: Partial<SharedPrefixPrompts> = {}): SharedPrefixPrompts => ({
  kind: 'shared-prefix',
  form: 'auto',
  prefixes: 3,
  prefixLen: 100,
  suffixLen: 40,
  outputLen: 10,
  rangeRatio: 0.5,
  seed: 1,
  ...changes,
});

/** How many prompts share each beginning of a given length. */
function groupSizes(prompts: readonly (readonly unknown[])[], length: number): number[] {
  const sizes = new Map<string, number>();
  for (const prompt of prompts) {
    const beginning = prompt.slice(0, length).join(' ');
    sizes.set(beginning, (sizes.get(beginning) ?? 0) + 1);
  }
  return [...sizes.values()].sort();
}

describe.each(['token-ids', 'text'] as const)('prompts with shared prefixes, of %s', (form) => {
  it('begin with as many prefixes as wanted, about equally often, and share nothing after them', async () => {
    const { measured } = await make({ prompts: spec({ form }) });
    const prompts = contents(measured);
    expect(groupSizes(prompts, 99)).toEqual([6, 7, 7]);
    const tails = prompts.map((prompt) => prompt.slice(100));
    // With sixteen words, a few may be equal by chance.
    expect(longestCommon(tails)).toBeLessThan(form === 'text' ? 6 : 2);
  });

  it('have the lengths that they are meant to have', async () => {
    const { measured } = await make({ prompts: spec({ form }) });
    const lengths = promptsOf(measured).map((prompt) => prompt.lengths.requestedPromptTokens!);
    expect(contents(measured).map(({ length }) => length)).toEqual(lengths);
    expect(new Set(lengths).size).toBeGreaterThan(5);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(120);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(140);
  });

  it('are the same for the same seed, and others for another', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => contents((await make({ prompts: spec({ form, seed }) })).measured)),
    );
    expect(again).toEqual(first);
    expect(longestCommon([...(first ?? []).slice(0, 1), ...(other ?? [])].slice(0, 2))).toBeLessThan(6);
  });

  it('share nothing with warm-ups', async () => {
    const { measured, warmups } = await make({ prompts: spec({ form }) });
    for (const warmup of contents(warmups)) {
      for (const prompt of contents(measured)) expect(commonLength(warmup, prompt)).toBeLessThan(8);
    }
    expect(longestCommon(contents(warmups))).toBeLessThan(8);
  });

  it('share nothing at all with a mark of their own, in this run or another, at the same lengths', async () => {
    const plain = await make({ prompts: spec({ form }) });
    const [busted, elsewhere] = await Promise.all(
      [7, 8].map((bustCache) => make({ prompts: spec({ form, bustCache }) })),
    );
    if (busted === undefined || elsewhere === undefined) throw new Error('no prompts');
    const all = [busted, elsewhere].flatMap(({ measured, warmups }) => [
      ...contents(measured),
      ...contents(warmups),
    ]);
    expect(longestCommon(all)).toBeLessThan(8);
    expect(promptsOf(busted.measured).map(({ lengths }) => lengths)).toEqual(
      promptsOf(plain.measured).map(({ lengths }) => lengths),
    );
    expect(contents(busted.measured).map(({ length }) => length)).toEqual(
      contents(plain.measured).map(({ length }) => length),
    );
  });
});

describe('prompts with shared prefixes', () => {
  it('have exact lengths by the tokenizer, where words cost different numbers of tokens', async () => {
    const { measured, facts } = await make({
      prompts: spec({ form: 'text' }),
      tokenizer: toyTokenizer,
      countTokens: () => 0,
    });
    for (const { json, lengths } of promptsOf(measured)) {
      expect(lengths.promptTokens).toBe(toyTokenizer.encode(JSON.parse(json) as string).length);
      expect(lengths.promptTokens).toBe(lengths.requestedPromptTokens);
    }
    expect(facts.notes).toEqual([]);
  });

  it('are of the ids that the tokenizer has', async () => {
    const { measured, facts } = await make({ prompts: spec(), tokenizer: toyTokenizer });
    expect(facts).toEqual({ form: 'token-ids', vocabulary: { first: 0, end: 5000 }, notes: [] });
    expect(Math.max(...contents(measured).flat().map(Number))).toBeLessThan(5000);
  });
});
