import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { startFakeServer, type FakeServerOptions } from '../../src/testing/index.js';
import { specFor } from './specs.js';

type SpecChanges = Parameters<typeof specFor>[1];

/** Tokenizers that differ from the client's: a chat template's overhead and words of different costs. */
const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean);
const TOKENIZERS = {
  'a token a word': (text: string) => wordsOf(text).length + 9,
  'a token per three letters': (text: string) =>
    wordsOf(text).reduce((sum, word) => sum + Math.ceil(word.length / 3), 5),
  'a token a byte': (text: string) => Buffer.byteLength(text) + 1,
  'free short words': (text: string) =>
    wordsOf(text).reduce((sum, word) => sum + (word.length > 3 ? 2 : 0), 11),
};

async function load(server: FakeServerOptions, changes: SpecChanges) {
  await using fake = await startFakeServer(server);
  const spec = specFor(fake, changes);
  const run = await generateLoad(spec);
  return { run, spec, prompts: fake.requests.map(({ prompt }) => prompt) };
}

describe('text prompts', () => {
  it.each(Object.entries(TOKENIZERS))(
    'have the exact length by the count of the server: %s',
    async (name, countTokens) => {
      const { run } = await load({ countTokens }, { prompts: { form: 'text', inputLen: 120 } });
      // Words of two tokens can't add up to an odd number: those texts are one token short.
      const short = name === 'free short words' ? 1 : 0;
      for (const r of run.requests) {
        const missing = (r.requestedPromptTokens ?? NaN) - (r.serverPromptTokens ?? NaN);
        expect(missing).toBeGreaterThanOrEqual(0);
        expect(missing).toBeLessThanOrEqual(short);
        expect(r).not.toHaveProperty('promptTokens');
      }
      expect(new Set(run.requests.map((r) => r.requestedPromptTokens)).size).toBeGreaterThan(5);
      expect(run.prompts?.form).toBe('text');
      if (short === 0) expect(run.prompts?.notes).toEqual([]);
    },
  );

  it('need few probes when each word is one token', async () => {
    const { prompts, spec } = await load({}, { prompts: { form: 'text' } });
    expect(prompts).toHaveLength(3 + spec.numWarmups + spec.numPrompts);
  });

  it('are sent once each, the same ones for the same seed', async () => {
    const first = await load({}, { prompts: { form: 'text', seed: 3 } });
    const again = await load({}, { prompts: { form: 'text', seed: 3 } });
    const other = await load({}, { prompts: { form: 'text', seed: 4 } });
    expect(new Set(first.prompts).size).toBe(first.prompts.length);
    expect(new Set(again.prompts)).toEqual(new Set(first.prompts));
    const measured = first.prompts.slice(-first.spec.numPrompts);
    expect(other.prompts.filter((prompt) => measured.includes(prompt))).toEqual([]);
  });

  it('share no beginning with each other, warm-ups among them', async () => {
    const { prompts, spec } = await load({}, { prompts: { form: 'text' }, numWarmups: 30, numPrompts: 30 });
    const beginnings = prompts.slice(-60).map((prompt) => wordsOf(String(prompt)).slice(0, 12).join(' '));
    expect(new Set(beginnings).size).toBe(spec.numWarmups + spec.numPrompts);
  });

  it('say so when the server cannot be asked for lengths', async () => {
    const { run } = await load({ faults: ['no-usage'] }, { prompts: { form: 'text' } });
    expect(run.prompts?.notes).toEqual([expect.stringContaining('one token per word')]);
    expect(run.requests.every(({ state }) => state === 'completed')).toBe(true);
  });

  it('say so when lengths do not add up', async () => {
    const countTokens = (text: string) => wordsOf(text).length + (wordsOf(text).length > 38 ? 7 : 0);
    const { run } = await load({ countTokens }, { prompts: { form: 'text' } });
    expect(run.prompts?.notes).toEqual(['a text meant to have 39 tokens has 46 on the server']);
  });

  it('that go on with a conversation are as long, whatever the server adds to the first', async () => {
    const [opening, nextLen] = [2, 40];
    const countTokens = (text: string) => wordsOf(text).length + 30;
    await using fake = await startFakeServer({ countTokens });
    const prompts = {
      ...({ kind: 'multi-turn', turns: { min: 2, max: 2 }, firstLen: 38, nextLen, outputLen: 3 } as const),
      ...({ rangeRatio: 1, think: { distribution: 'fixed', ms: 0 }, seed: 0 } as const),
    };
    const spec = specFor(fake, { endpoint: { api: 'chat' }, numPrompts: 4 });
    await generateLoad({ ...spec, numWarmups: 0, prompts });
    const last = fake.requests.flatMap(({ body }) => (body['messages'] as { content: string }[]).slice(2));
    expect(last.map(({ content }) => wordsOf(content).length - 1)).toEqual([
      nextLen - opening,
      nextLen - opening,
    ]);
  });

  it('have one word at least when overhead alone is too long', async () => {
    const countTokens = (text: string) => wordsOf(text).length + 500;
    const { run } = await load({ countTokens }, { prompts: { form: 'text', inputLen: 20 } });
    for (const r of run.requests) expect(r.serverPromptTokens).toBe(502);
  });
});

describe('form auto', () => {
  const auto = { prompts: { form: 'auto' as const } };

  it('takes token ids where they are taken as ids, specials apart', async () => {
    const { run } = await load({ specialTokens: 1 }, auto);
    expect(run.prompts).toEqual({ form: 'token-ids', vocabulary: { first: 0, end: 32_000 }, notes: [] });
    for (const r of run.requests) expect(r.serverPromptTokens).toBe((r.promptTokens ?? NaN) + 1);
  });

  it('takes text where ids are refused, and says why', async () => {
    const { run } = await load({ faults: ['refuse-token-ids'] }, auto);
    expect(run.prompts?.form).toBe('text');
    expect(run.prompts?.notes).toEqual([expect.stringContaining('prompt must be a string')]);
    for (const r of run.requests) expect(r.serverPromptTokens).toBe(r.requestedPromptTokens);
  });

  it('takes text where ids are read as something else', async () => {
    const { run } = await load({ specialTokens: 50 }, { prompts: { form: 'auto', inputLen: 200 } });
    expect(run.prompts?.form).toBe('text');
    expect(run.prompts?.notes).toEqual([
      expect.stringContaining('it counted 74 prompt tokens where 24 were sent'),
    ]);
  });

  it('is text for the chat API', async () => {
    const { run } = await load({}, { ...auto, endpoint: { api: 'chat' } });
    expect(run.prompts).toEqual({ form: 'text', notes: [] });
  });
});

describe('form token-ids', () => {
  it('has marks before a prefix', async () => {
    const { prompts } = await load(
      {},
      { prompts: { prefixLen: 40, bustCache: 1 }, numWarmups: 0, numPrompts: 30 },
    );
    const beginnings = prompts.slice(-30).map((prompt) => (prompt as readonly number[]).slice(0, 4).join());
    expect(new Set(beginnings).size).toBe(30);
    const behind = prompts.slice(-30).map((prompt) => (prompt as readonly number[]).slice(4, 40).join());
    expect(new Set(behind).size).toBe(1);
  });

  it('fails where they are refused', async () => {
    await expect(load({ faults: ['refuse-token-ids'] }, {})).rejects.toMatchObject({
      code: 'REQUEST_FAILED',
      message: expect.stringContaining('prompt must be a string') as string,
    });
  });

  it('uses safe ids, and says so, when the vocabulary is unknown', async () => {
    const { run, prompts } = await load({}, { prompts: { vocabulary: undefined } });
    const ids = prompts.flatMap((prompt) => prompt as readonly number[]);
    expect(ids.every((id) => id >= 1000 && id < 30_000)).toBe(true);
    expect(run.prompts?.notes).toEqual([expect.stringContaining('the vocabulary is unknown')]);
  });
});
