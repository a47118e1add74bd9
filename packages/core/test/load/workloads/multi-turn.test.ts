import { describe, expect, it } from 'vitest';
import type { Conversations, PromptSet } from '../../../src/load/prompts/prompt.js';
import { promptsIn, type MultiTurnPrompts } from '../../../src/load/workloads/multi-turn.js';
import { commonLength, contents, longestCommon, make, promptsOf, toyTokenizer } from './subject.js';

const spec = (changes: Partial<MultiTurnPrompts> = {}): MultiTurnPrompts => ({
  kind: 'multi-turn',
  turns: { min: 2, max: 5 },
  firstLen: 60,
  nextLen: 20,
  outputLen: 8,
  rangeRatio: 0.5,
  think: { distribution: 'uniform', minMs: 100, maxMs: 200 },
  seed: 5,
  ...changes,
});

function conversationsOf(set: PromptSet): Conversations {
  if (set.kind !== 'stored' || set.conversations === undefined) throw new Error('no conversations');
  return set.conversations;
}

/** Prompts of each conversation. */
function lengthsOf({ first }: Conversations): number[] {
  return Array.from(first.subarray(1), (end, i) => end - (first[i] ?? 0));
}

describe('conversations', () => {
  it('have the turns that were drawn for them, the last as many as are left', async () => {
    const { measured } = await make({ prompts: spec(), numPrompts: 100 });
    const lengths = lengthsOf(conversationsOf(measured));
    expect(lengths.reduce((a, b) => a + b)).toBe(100);
    expect(new Set(lengths.slice(0, -1))).toEqual(new Set([2, 3, 4, 5]));
    expect(promptsIn(spec(), lengths.length - 1)).toBe(100 - (lengths.at(-1) ?? 0));
  });

  it('begin with long texts and go on with short ones, each asked for with what was said before', async () => {
    const { measured } = await make({ prompts: spec({ rangeRatio: 1 }), numPrompts: 30 });
    const { first } = conversationsOf(measured);
    const prompts = promptsOf(measured);
    const lengths = contents(measured).map(({ length }) => length);
    lengths.forEach((length, i) => expect(length).toBe(first.includes(i) ? 60 : 20));
    prompts.forEach(({ lengths: { requestedPromptTokens, requestedOutputTokens } }, i) => {
      const place = i - Math.max(...first.filter((begin) => begin <= i));
      expect(requestedPromptTokens).toBe(60 + place * (8 + 20));
      expect(requestedOutputTokens).toBe(8);
    });
  });

  it('count a template that a server puts around them once, at their beginning', async () => {
    const countTokens = (text: string) => text.split(' ').length + 25;
    const { measured } = await make({ prompts: spec({ rangeRatio: 1 }), countTokens, numPrompts: 30 });
    const { first } = conversationsOf(measured);
    contents(measured).forEach(({ length }, i) => expect(length).toBe(first.includes(i) ? 60 - 25 : 20 - 1));
  });

  it.each([
    [{ distribution: 'fixed', ms: 250 } as const, 250, 250],
    [{ distribution: 'uniform', minMs: 100, maxMs: 200 } as const, 100, 200],
    [{ distribution: 'exponential', meanMs: 100 } as const, 0, 2000],
  ])('pause before each turn but the first: %o', async (think, least, most) => {
    const { measured } = await make({ prompts: spec({ think }), numPrompts: 200 });
    const { first, thinkMs } = conversationsOf(measured);
    const pauses = [...thinkMs].filter((_, i) => !first.includes(i));
    expect([...first].slice(0, -1).map((i) => thinkMs[i])).toEqual(Array(first.length - 1).fill(0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
    const mean = pauses.reduce((a, b) => a + b) / pauses.length;
    const expected = think.distribution === 'exponential' ? 100 : (least + most) / 2;
    expect(Math.abs(mean / expected - 1)).toBeLessThan(0.3);
  });

  it('are the same for the same seed, and others for another', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => (await make({ prompts: spec({ seed }) })).measured),
    );
    if (first === undefined || again === undefined || other === undefined) throw new Error('no prompts');
    expect(contents(again)).toEqual(contents(first));
    expect(conversationsOf(again)).toEqual(conversationsOf(first));
    expect(contents(other)).not.toEqual(contents(first));
  });

  it('share no beginning with one another or with warm-ups, which stand for themselves', async () => {
    const { measured, warmups } = await make({ prompts: spec(), numPrompts: 60, numWarmups: 10 });
    expect(longestCommon(contents(measured))).toBeLessThan(8);
    for (const warmup of contents(warmups)) {
      for (const prompt of contents(measured)) expect(commonLength(warmup, prompt)).toBeLessThan(8);
    }
    expect(warmups).not.toHaveProperty('conversations');
  });

  it('get a mark at their beginning alone', async () => {
    const [plain, busted] = await Promise.all(
      [undefined, 9].map(async (bustCache) =>
        contents((await make({ prompts: spec({ bustCache }) })).measured),
      ),
    );
    const { first } = conversationsOf((await make({ prompts: spec() })).measured);
    const changed = busted?.map((text, i) => text.join(' ') !== plain?.[i]?.join(' '));
    expect(changed).toEqual(plain?.map((_, i) => first.includes(i)));
    expect(busted?.map(({ length }) => length)).toEqual(plain?.map(({ length }) => length));
  });

  it('have texts of exact lengths by the tokenizer; that of a whole prompt is only known for the first', async () => {
    const { measured } = await make({ prompts: spec({ rangeRatio: 1 }), tokenizer: toyTokenizer });
    const { first } = conversationsOf(measured);
    promptsOf(measured).forEach(({ json, lengths }, i) => {
      const isFirst = first.includes(i);
      expect(toyTokenizer.encode(JSON.parse(json) as string)).toHaveLength(isFirst ? 60 : 20);
      expect(lengths.promptTokens).toBe(isFirst ? 60 : undefined);
    });
  });
});
