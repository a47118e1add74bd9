import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceFacts, type MooncakePrompts } from '../../../src/load/workloads/mooncake.js';
import { commonLength, contents, longestCommon, make, promptsOf, toyTokenizer } from './subject.js';

/** The first two share one and a half blocks, the third shares one block with the first; the fourth shares nothing. */
const ROWS = [
  { timestamp: 1000, input_length: 25, output_length: 5, hash_ids: [46, 47, 48] },
  { timestamp: 1500, input_length: 28, output_length: 6, hash_ids: [46, 47, 2353] },
  { timestamp: 1500, input_length: 14, output_length: 0, hash_ids: [46, 99] },
  { timestamp: 2750.5, input_length: 17, output_length: 7 },
  {
    timestamp: 4000,
    input_length: 300,
    output_length: 700,
    hash_ids: Array.from({ length: 30 }, (_, i) => i),
  },
];

let folder = '';
let count = 0;

beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'mooncake-'))));
afterAll(() => rm(folder, { recursive: true }));

async function trace(rows: readonly object[] | string): Promise<string> {
  const path = join(folder, `trace-${count++}.jsonl`);
  await writeFile(path, typeof rows === 'string' ? rows : rows.map((row) => JSON.stringify(row)).join('\n'));
  return path;
}

async function spec(changes: Partial<MooncakePrompts> = {}): Promise<MooncakePrompts> {
  const path = changes.path ?? (await trace(ROWS));
  return { kind: 'mooncake', form: 'auto', blockTokens: 10, seed: 0, ...changes, path };
}

describe.each(['token-ids', 'text'] as const)('prompts of a Mooncake trace, of %s', (form) => {
  it('share the blocks that their hashes share, and no more', async () => {
    const { measured } = await make({ prompts: await spec({ form }), numPrompts: 4 });
    const [first, second, third, fourth] = contents(measured) as [string[], string[], string[], string[]];
    const chance = form === 'text' ? 4 : 0;
    expect(commonLength(first, second)).toBeGreaterThanOrEqual(20);
    expect(commonLength(first, second)).toBeLessThanOrEqual(20 + chance);
    expect(commonLength(first, third)).toBeGreaterThanOrEqual(10);
    expect(commonLength(first, third)).toBeLessThanOrEqual(10 + chance);
    expect(commonLength(first, fourth)).toBeLessThanOrEqual(1 + chance);
  });

  it('have the lengths of the trace, and ask for its outputs', async () => {
    const { measured } = await make({ prompts: await spec({ form }), numPrompts: 5 });
    expect(contents(measured).map(({ length }) => length)).toEqual([25, 28, 14, 17, 300]);
    expect(promptsOf(measured).map(({ lengths }) => lengths.requestedOutputTokens)).toEqual([
      5, 6, 1, 7, 700,
    ]);
  });

  it('share nothing with warm-ups', async () => {
    const { measured, warmups } = await make({ prompts: await spec({ form }), numPrompts: 5 });
    for (const warmup of contents(warmups)) {
      for (const prompt of contents(measured)) expect(commonLength(warmup, prompt)).toBeLessThan(6);
    }
  });

  it('share nothing with marks of their own, at the same lengths', async () => {
    const { measured } = await make({ prompts: await spec({ form, bustCache: 3 }), numPrompts: 5 });
    expect(longestCommon(contents(measured))).toBeLessThan(6);
    expect(contents(measured).map(({ length }) => length)).toEqual([25, 28, 14, 17, 300]);
  });
});

describe('prompts of a Mooncake trace', () => {
  it('are exact by the tokenizer', async () => {
    const { measured } = await make({
      prompts: await spec({ form: 'text' }),
      numPrompts: 5,
      tokenizer: toyTokenizer,
    });
    for (const { json, lengths } of promptsOf(measured)) {
      expect(toyTokenizer.encode(JSON.parse(json) as string)).toHaveLength(lengths.requestedPromptTokens!);
      expect(lengths.promptTokens).toBe(lengths.requestedPromptTokens);
    }
  });

  it('are those that fit', async () => {
    const { measured } = await make({ prompts: await spec({ maxTokens: 30 }), numPrompts: 3 });
    expect(contents(measured).map(({ length }) => length)).toEqual([25, 14, 17]);
  });

  it('are read from lines of any length with any ends', async () => {
    const rows = ROWS.slice(0, 3).map((row) =>
      JSON.stringify({ ...row, note: `\u2028${'é'.repeat(700_000)}` }),
    );
    const path = await trace(rows.join('\r\n\r\n'));
    const { measured } = await make({ prompts: await spec({ path }), numPrompts: 3 });
    expect(contents(measured).map(({ length }) => length)).toEqual([25, 28, 14]);
  });

  it('are only read as far as needed', async () => {
    const path = await trace(`${JSON.stringify(ROWS[0])}\nnot JSON`);
    const { measured } = await make({ prompts: await spec({ path }), numPrompts: 1 });
    expect(contents(measured)).toHaveLength(1);
  });

  it.each([
    ['not JSON', '{"input_length": 3', { line: 1 }],
    ['input_length', '\n\n{"output_length": 3}', { line: 3, key: 'input_length' }],
    ["2 hash_ids can't cover 5 tokens", '{"input_length":5,"output_length":1,"hash_ids":[1,2]}', { line: 1 }],
    ['sessions', '{"input_length":5,"output_length":1,"session_id":"a"}', { line: 1, key: 'session_id' }],
    [
      'goes back',
      '{"timestamp":5,"input_length":5,"output_length":1}\n{"timestamp":4,"input_length":5,"output_length":1}',
      { line: 2 },
    ],
    ['input_length: Too big', '{"input_length":5000000000,"output_length":1}', { line: 1 }],
    ['output_length: Too small', '{"input_length":5,"output_length":-1}', { line: 1 }],
    ['longer than 16 MiB', `\n${'x'.repeat(2 ** 24 + 1)}`, { line: 2 }],
    ['the trace has 1 requests that fit, but 2 are asked for', '{"input_length":5,"output_length":1}\n', {}],
  ])('tell what is wrong with a trace, and where: %s', async (message, text, where) => {
    const path = await trace(text);
    await expect(make({ prompts: await spec({ path }), numPrompts: 2 })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringContaining(message) as string,
      where: { file: path, ...where },
    });
  });

  it.each(['gone.jsonl', '.'])('tell of a trace that can not be read: %s', async (name) => {
    const path = join(folder, name);
    await expect(make({ prompts: await spec({ path }) })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      where: { file: path },
    });
  });
});

describe('the times of a Mooncake trace', () => {
  it('begin at its first request, and are those of the requests that fit', async () => {
    expect(await traceFacts(await spec())).toEqual({ count: 5, timesMs: [0, 500, 500, 1750.5, 3000] });
    expect(await traceFacts(await spec({ maxTokens: 30 }))).toEqual({ count: 3, timesMs: [0, 500, 1750.5] });
    expect(await traceFacts(await spec(), 2)).toEqual({ count: 2, timesMs: [0, 500] });
  });

  it.each([
    ['{"input_length":5,"output_length":1}', 1],
    ['{"timestamp":7,"input_length":5,"output_length":1}\n{"input_length":5,"output_length":1}', 2],
  ])('are unknown where a request has none: %s', async (text, count) => {
    const path = await trace(text);
    expect(await traceFacts(await spec({ path }))).toEqual({ count });
  });

  it('never go back, not even past a request without one', async () => {
    const times = [{ timestamp: 5 }, {}, { timestamp: 4 }];
    const path = await trace(times.map((time) => ({ ...time, input_length: 5, output_length: 1 })));
    await expect(traceFacts(await spec({ path }))).rejects.toMatchObject({ where: { file: path, line: 3 } });
  });
});
