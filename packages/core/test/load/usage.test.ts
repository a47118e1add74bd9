import { expect, describe, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import type { RunRecord } from '../../src/load/records/record.js';
import { encodeFooter, encodeHeader, encodeRequest } from '../../src/load/records/records.js';
import { impossibleUsage } from '../../src/load/client/usage.js';
import { computeMetrics } from '../../src/metrics/compute.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { marksOf } from '../../src/metrics/marks.js';
import { chunks, DONE, event, startScripted, usage, type ScriptedRequest } from './scripted-server.js';
import { specFor } from './specs.js';

type Changes = Parameters<typeof specFor>[1];

const LENGTH = 16;
const REQUESTS = 40;

/** A run with answers of 16 tokens; `count` gives the JSON of a request's count. */
async function runWith(answer: (request: ScriptedRequest) => string[], changes: Changes = {}) {
  await using server = await startScripted((request) => ({ writes: answer(request) }));
  const spec = specFor(server, {
    ...{ numPrompts: REQUESTS, numWarmups: 0, serverMetrics: false },
    ...changes,
    prompts: { outputLen: LENGTH, rangeRatio: 1, ...changes.prompts },
  });
  return { run: await generateLoad(spec), requests: server.requests };
}

const countsOf = (count: (request: ScriptedRequest) => string | number, changes: Changes = {}) =>
  runWith((request) => [...chunks(request.maxTokens), usage(request, count(request)), DONE], changes);

const reread = (run: RunRecord) =>
  decodeRunRecord([encodeHeader(run), ...run.requests.map(encodeRequest), encodeFooter(run)].join(''));

/** Only marks about counts: a server that answers at once is not judged by its times. */
const marks = (run: RunRecord) =>
  marksOf(run)
    .filter(({ code }) => /usage|requests|short|after-done|per-chunk/.test(code))
    .map(({ code, severity }) => `${severity} ${code}`);
const tokens = (run: RunRecord) => computeMetrics(run, builtinMetrics).values['total_output_tokens'];

describe('one count that can not be', () => {
  const IMPOSSIBLE: readonly (string | number)[] = [
    ...[-16, -5000, 7.25, 15.999, 0, 1, 50_000, 160, '1e306', '1e308', '1e400', '-1e400', '9007199254740993'],
  ];
  it.each(IMPOSSIBLE)('%s costs its request, and neither the run nor its records', async (count) => {
    const { run } = await countsOf(({ ordinal, maxTokens }) => (ordinal === 20 ? count : maxTokens));
    for (const one of [run, reread(run)]) {
      expect(one.complete).toBe(true);
      const [failed, ...others] = one.requests.filter(({ state }) => state !== 'completed');
      expect(others).toEqual([]);
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'impossible-usage' } });
      expect(failed).not.toHaveProperty('outputTokens');
      expect(tokens(one)).toBe((REQUESTS - 1) * LENGTH);
      expect(marks(one)).toEqual(['note failed-requests', 'note impossible-usage']);
    }
  });

  it('of prompts costs the same', async () => {
    const { run } = await runWith((request) => [
      ...chunks(request.maxTokens),
      event({
        choices: [],
        usage: { prompt_tokens: request.ordinal === 20 ? -1 : 8, completion_tokens: 16 },
      }),
      DONE,
    ]);
    expect(run.requests.filter(({ error }) => error?.code === 'impossible-usage')).toHaveLength(1);
    expect(run.requests.some(({ serverPromptTokens = 0 }) => serverPromptTokens < 0)).toBe(false);
  });

  it('leaves a conversation its answer', async () => {
    const { run } = await countsOf(({ ordinal, maxTokens }) => (ordinal === 6 ? -1 : maxTokens), {
      numPrompts: 12,
      prompts: {
        ...({ kind: 'multi-turn', turns: { min: 3, max: 3 }, firstLen: 20, nextLen: 9 } as object),
        ...({ think: { distribution: 'fixed', ms: 0 }, form: undefined, vocabulary: undefined } as object),
        inputLen: undefined,
      },
    });
    expect(run.requests.filter(({ state }) => state !== 'completed')).toHaveLength(1);
  });
});

describe('counts that can not be in every answer', () => {
  it.each([
    ['negative', (asked: number) => -asked],
    ['ten times the tokens', (asked: number) => 10 * asked],
    ['none', () => 0],
    ['fractions', (asked: number) => asked - 0.75],
    ['fewer than chunks', (asked: number) => asked / 2],
  ])('%s make the result invalid', async (_, count) => {
    const { run } = await countsOf(({ maxTokens }) => count(maxTokens), { numPrompts: 8 });
    expect(run.complete).toBe(true);
    expect(marks(run)).toContain('invalid impossible-usage');
    expect(tokens(run)).toBeUndefined();
  });
});

describe('a server that ignores what was asked for', () => {
  it('and claims it all the same, 16 tokens in 48 chunks with text, makes the result invalid', async () => {
    const { run } = await runWith((request) => [...chunks(48), usage(request, request.maxTokens), DONE], {
      numPrompts: 8,
    });
    expect(marks(run)).toContain('invalid impossible-usage');
    expect(tokens(run)).toBeUndefined();
  });
});

describe('counts that can be', () => {
  it('hold for a server that goes on past what was asked for, and say so', async () => {
    const { run } = await runWith((request) => [...chunks(48), usage(request, 48), DONE], { numPrompts: 8 });
    expect(tokens(run)).toBe(8 * 48);
    expect(marks(run)).toEqual(['invalid short']);
  });

  it('hold where a server claims few tokens for many chunks without text', async () => {
    const { run } = await runWith((request) => [...chunks(16), ...chunks(1, ''), usage(request, 16), DONE], {
      numPrompts: 8,
    });
    expect(marks(run)).toEqual([]);
    expect(run.requests.map(({ textChunks, chunkMs }) => [textChunks, chunkMs.length])).toEqual(
      Array(8).fill([16, 17]),
    );
  });

  it.each([1, 2, 3, 10, 20, 30, 64])('hold for chunks of %i tokens', async (interval) => {
    const honest = (request: ScriptedRequest) => [
      ...chunks(Math.ceil(request.maxTokens / interval)),
      usage(request, request.maxTokens),
      DONE,
    ];
    const { run } = await runWith(honest, { numPrompts: 8, prompts: { outputLen: 128 } });
    expect(marks(run)).toEqual([]);
    expect(tokens(run)).toBe(8 * 128);
  });

  it('are those of all choices', () => {
    const counted = { outputTokens: 32, chunks: 32, textChunks: 32, asked: 32 };
    expect(impossibleUsage(counted)).toBeUndefined();
  });

  it('may go past the end by what a last step holds', () => {
    const drafted = { outputTokens: 130, chunks: 50, textChunks: 50, asked: 128 };
    expect(impossibleUsage(drafted)).toBeUndefined();
    expect(impossibleUsage({ ...drafted, mostPerChunk: 4 })).toBeUndefined();
    expect(impossibleUsage({ ...drafted, outputTokens: 140 })).toMatch(/140, with 128 asked/);
    expect(impossibleUsage({ ...drafted, outputTokens: 300, mostPerChunk: 4 })).toMatch(/300/);
  });
});

describe('what comes after [DONE]', () => {
  it('is no usage', async () => {
    const { run } = await runWith((request) => [
      ...chunks(request.maxTokens),
      usage(request, request.maxTokens),
      DONE,
      usage(request, 999),
    ]);
    expect(tokens(run)).toBe(REQUESTS * LENGTH);
    expect(marks(run)).toEqual(['note after-done']);
  });

  it('is no chunk, whenever it comes', async () => {
    const { run } = await runWith(
      (request) =>
        // With pauses, as what one read brings has one time.
        [
          ...chunks(request.maxTokens),
          usage(request, request.maxTokens),
          50,
          DONE,
          50,
          ...chunks(3),
        ] as string[],
      { numPrompts: 8 },
    );
    for (const { chunkMs, doneMs = 0, lateEvents } of run.requests) {
      expect(chunkMs).toHaveLength(LENGTH);
      expect(doneMs).toBeGreaterThan(chunkMs[LENGTH - 1] ?? NaN);
      expect(lateEvents).toBe(3);
    }
    expect(marks(run)).toEqual(['note after-done']);
  });

  it('may be another [DONE], or nothing', async () => {
    const { run } = await runWith((request) => [
      ...chunks(request.maxTokens),
      usage(request, request.maxTokens),
      DONE,
      DONE,
      event(''),
    ]);
    expect(marks(run)).toEqual([]);
  });
});
