import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SMALL, bench } from './bench-run.js';

describe('data sets of sweepline bench', () => {
  const TRACE = [0, 20, 40]
    .map((timestamp) =>
      JSON.stringify({ timestamp, input_length: 20, output_length: 2, hash_ids: [1, timestamp] }),
    )
    .join('\n');

  it('replay a Mooncake trace as it was recorded, all of it', async () => {
    const { run } = await bench(
      [
        '--dataset-name',
        'mooncake',
        '--dataset-path',
        't.jsonl',
        '--block-tokens',
        '10',
        '--replay-speed',
        '2',
      ],
      { 't.jsonl': TRACE },
    );
    expect(run?.spec).toMatchObject({
      numPrompts: 3,
      arrival: { pattern: 'replay', timesMs: [0, 20, 40], speed: 2 },
    });
    const scheduled = run?.requests.map(({ scheduledMs }) => scheduledMs) ?? [];
    expect(scheduled.map((ms) => Math.round(ms - (scheduled[0] ?? 0)))).toEqual([0, 10, 20]);
    expect(run?.requests.map(({ serverPromptTokens }) => serverPromptTokens)).toEqual([20, 20, 20]);
  });

  it('tell the line of a trace that is wrong, before anything is sent', async () => {
    const { exitCode, stderr, requests } = await bench(
      ['--dataset-name', 'mooncake', '--dataset-path', 't.jsonl'],
      { 't.jsonl': TRACE },
    );
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/WORKLOAD_INVALID: 2 hash_ids can't cover 20 tokens.*t\.jsonl:1/);
    expect(requests).toEqual([]);
  });

  it('tell what a load process finds wrong, and where', async () => {
    const { exitCode, stderr } = await bench(['--dataset-name', 'sharegpt', '--dataset-path', 's.json'], {
      's.json': '[]',
    });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/WORKLOAD_INVALID: .*no tokenizer \(key tokenizer\)\n.*--tokenizer/);
  });

  it('are prompts of your own, all of them, with or without a tokenizer', async () => {
    const lines = ['{"prompt":"one two","output_tokens":3}', '{"prompt":"three","output_tokens":2}'];
    const { exitCode, run, requests } = await bench(
      ['--dataset-name', 'custom', '--dataset-path', 'p.jsonl', '--max-concurrency', '1'],
      { 'p.jsonl': lines.join('\n') },
    );
    expect(exitCode).toBe(0);
    expect(requests.map(({ body }) => [body['prompt'], body['max_tokens']])).toEqual([
      ['one two', 3],
      ['three', 2],
    ]);
    expect(run?.requests.map((one) => 'requestedPromptTokens' in one)).toEqual([false, false]);
    expect(run?.requests.map(({ serverPromptTokens }) => serverPromptTokens)).toEqual([2, 1]);
  });

  it('are columns of Hugging Face data sets, by the folder that holds them', async () => {
    const folder = join(import.meta.dirname, '../fixtures/parquet');
    const { exitCode, run, requests, stderr } = await bench([
      ...[
        '--dataset-name',
        'hf',
        '--dataset-path',
        folder,
        '--hf-split',
        'snappy',
        '--prompt-column',
        'turns',
      ],
      ...['--num-prompts', '3', '--hf-output-len', '2', '--max-concurrency', '1', '--num-warmups', '1'],
    ]);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    expect(requests.slice(1).map(({ body }) => body['prompt'])).toEqual(['turn 0', 'turn 1', 'turn 2']);
    expect(run?.spec.prompts).toMatchObject({ kind: 'hf', path: join(folder, 'snappy.parquet') });
  });

  it.each([
    [['--hf-split', 'train'], 2, /--hf-split works only with --dataset-name hf/],
    [['--custom-output-len', '5'], 2, /--custom-output-len works only with --dataset-name custom/],
    [['--dataset-name', 'custom'], 2, /needs --dataset-path/],
    [
      ['--dataset-name', 'hf', '--dataset-path', 'acme/none'],
      3,
      /no data set acme\/none in the Hugging Face cache/,
    ],
    [
      ['--dataset-name', 'custom', '--dataset-path', 'p.jsonl', '--prompt-column', 'promt'],
      3,
      /did you mean prompt\?/,
    ],
    [
      ['--dataset-name', 'custom', '--dataset-path', 'p.jsonl', '--num-prompts', '3'],
      3,
      /data set has 1 prompts, but 3/,
    ],
  ])('are refused with a reason: %s', async (args, code, reason) => {
    const { exitCode, stderr, requests } = await bench(args, { 'p.jsonl': '{"prompt":"p"}' });
    expect(stderr).toMatch(reason);
    expect([exitCode, requests]).toEqual([code, []]);
  });

  it('hold conversations, with the answers that were given', async () => {
    const { run, requests } = await bench([
      ...['--dataset-name', 'multi-turn', '--endpoint', '/v1/chat/completions', '--random-input-len', '20'],
      ...['--next-input-len', '5', '--num-conversations', '3', '--turns', '2', '--think-ms', '5-10'],
      ...['--max-concurrency', '2'],
    ]);
    expect(run?.requests.map(({ turn }) => turn)).toEqual([0, 1, 0, 1, 0, 1]);
    const seconds = requests.filter(({ body }) => (body['messages'] as unknown[]).length === 3);
    expect(seconds).toHaveLength(3);
    const roles = (seconds[0]?.body['messages'] as { role: string; content: string }[]).map(
      ({ role }) => role,
    );
    expect(roles).toEqual(['user', 'assistant', 'user']);
  });

  it('share prefixes, or nothing with --bust-cache, which differs from run to run', async () => {
    const args = [
      ...['--dataset-name', 'shared-prefix', '--random-prefix-len', '40', '--num-prefixes', '1'],
      ...['--random-input-len', '10', '--num-prompts', '6', '--max-concurrency', '2'],
    ];
    const beginnings = async (more: readonly string[]) => {
      const { requests } = await bench([...args, ...more]);
      return new Set(requests.slice(-6).map(({ prompt }) => prompt.slice(0, 30).toString()));
    };
    const [shared, busted, again, same] = await Promise.all(
      [[], ['--bust-cache'], ['--bust-cache', '7'], ['--bust-cache', '7']].map(beginnings),
    );
    expect(shared?.size).toBe(1);
    expect(busted?.size).toBe(6);
    expect(again).toEqual(same);
    expect([...(busted ?? [])].filter((beginning) => again?.has(beginning))).toEqual([]);
  });
});

describe('a tokenizer of sweepline bench', () => {
  /** A token a word of `w0` to `w99`. */
  const TOKENIZER = JSON.stringify({
    version: '1.0',
    added_tokens: [],
    pre_tokenizer: { type: 'WhitespaceSplit' },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w${i}`, i])),
      unk_token: 'w0',
    },
  });
  const CONFIG = JSON.stringify({
    chat_template:
      '{% for message in messages %}<{{ message.role }}> {{ message.content }} </> {% endfor %}<assistant>',
  });
  const FILES = { 'tok/tokenizer.json': TOKENIZER, 'tok/tokenizer_config.json': CONFIG };
  const tokens = (n: number) => Array.from({ length: n }, (_, i) => `w${i}`).join(' ');

  it('makes the texts that InferenceX sends', async () => {
    const { run, result, requests } = await bench([...SMALL, '--tokenizer', 'tok', '--seed', '1'], FILES);
    expect(result).toMatchObject({ tokenizer_id: 'tok', total_input_tokens: 4 * 30 });
    expect(run?.prompts).toMatchObject({ form: 'text', vocabulary: { first: 0, end: 100 } });
    for (const { prompt } of requests) expect(String(prompt)).toMatch(/^(w\d+ ){29}w\d+$/);
  });

  it('puts its chat template around them', async () => {
    const { requests } = await bench([...SMALL, '--tokenizer', 'tok', '--use-chat-template'], FILES);
    // Three of the thirty tokens are the template's.
    for (const { prompt } of requests) expect(String(prompt)).toMatch(/^<user> (w\d+ ){27}<\/> <assistant>$/);
  });

  it('is needed for a chat template', async () => {
    const { exitCode, stderr } = await bench([...SMALL, '--use-chat-template']);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/WORKLOAD_INVALID: .*\(key prompts.useChatTemplate\)\n.*--tokenizer/);
  });

  it('counts the questions and answers of a ShareGPT file', async () => {
    const entries = Array.from({ length: 5 }, (_, i) => ({
      conversations: [
        { from: 'human', value: tokens(10 + i) },
        { from: 'gpt', value: tokens(5) },
      ],
    }));
    const { run, stderr } = await bench(
      ['--dataset-name', 'sharegpt', '--dataset-path', 's.json', '--tokenizer', 'tok', '--num-prompts', '5'],
      { ...FILES, 's.json': JSON.stringify(entries) },
    );
    expect(run?.requests.map(({ promptTokens }) => promptTokens).sort(), stderr).toEqual([
      10, 11, 12, 13, 14,
    ]);
    expect(run?.requests.map(({ outputTokens }) => outputTokens)).toEqual([5, 5, 5, 5, 5]);
  });
});
