import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addBenchOptions, type BenchOptions } from '../../src/cli/bench/options.js';
import { specOf } from '../../src/cli/bench/spec.js';
import { decodeRunRecord } from '../../src/load/records.js';
import type { LoadSpec } from '../../src/load/spec.js';
import { startFakeServer } from '../../src/testing/index.js';
import { runCli } from '../run-cli.js';
import { makeWorkspace } from '../workspace.js';

type Json = Readonly<Record<string, unknown>>;

/** Runs a bench of few requests, and gives its spec, its records and its result. */
async function bench(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const server = await startFakeServer();
  const workspace = await makeWorkspace(files);
  try {
    const outcome = await workspace.cli([
      ...['bench', '--base-url', server.url, '--model', 'fake-model', '--random-output-len', '3'],
      ...['--keep-records', 'R.jsonl', '--save-result', '--result-filename', 'F.json', ...args],
    ]);
    const read = (name: string) => readFile(join(workspace.root, name), 'utf8').catch(() => undefined);
    const [records = '', result = '{}'] = [await read('R.jsonl'), await read('F.json')];
    return {
      ...outcome,
      run: records === '' ? undefined : decodeRunRecord(records),
      result: JSON.parse(result) as Json,
      requests: [...server.requests],
    };
  } finally {
    await server.close();
    await workspace[Symbol.asyncDispose]();
  }
}

/** The spec that flags come to. */
async function specFor(args: readonly string[]): Promise<LoadSpec> {
  const command = addBenchOptions(new Command()).parse(['--model', 'm', ...args], { from: 'user' });
  return specOf({ cwd: '/', env: {} }, command.opts<BenchOptions>(), 'R.jsonl');
}

const SMALL = ['--random-input-len', '30', '--num-prompts', '4', '--max-concurrency', '2'];

describe('flags of sweepline bench', () => {
  it('reach the spec', async () => {
    const spec = await specFor([
      ...SMALL,
      ...['--goodput', 'ttft:500', 'e2el:9000', '--client-limits', 'cpuShare=0.9', 'lagFloorMs=5'],
      ...['--workers', '1', '--keep-text', '--no-server-metrics', '--extra-body', '{"top_k":1}'],
      ...['--logprobs', '2', '--best-of', '3', '--random-prefix-len', '7', '--connections', 'per-request'],
    ]);
    expect(spec).toMatchObject({
      slos: { ttftMs: 500, e2elMs: 9000 },
      clientLimits: { cpuShare: 0.9, lagFloorMs: 5 },
      workers: 1,
      output: { keepText: true },
      serverMetrics: false,
      extraBody: { top_k: 1, logprobs: 2, best_of: 3 },
      prompts: { prefixLen: 7 },
      connections: 'per-request',
    });
  });

  it('are taken as InferenceX has them, and change no number', async () => {
    const { exitCode, stdout, result } = await bench([
      ...SMALL,
      ...['--backend', 'sglang', '--tokenizer-mode', 'auto', '--trust-remote-code', '--use-beam-search'],
      ...['--disable-tqdm', '--metadata', 'version=0.3.3', 'completed=no=0', '--goodput', 'ttft:9000'],
      ...['--percentile-metrics', 'ttft,e2el', '--metric-percentiles', '25,99.5', '--save-detailed'],
      ...['--keep-text', '--best-of', '1'],
    ]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ backend: 'sglang', version: '0.3.3', completed: 4, best_of: 1 });
    for (const key of ['p25_ttft_ms', 'p99.5_ttft_ms', 'p25_e2el_ms', 'p99_itl_ms', 'request_goodput']) {
      expect(result[key], key).toEqual(expect.any(Number));
    }
    expect(result).not.toHaveProperty('p25_itl_ms');
    expect(stdout).toMatch(/\bp25\b/);
    expect(result['generated_texts']).toHaveLength(4);
    expect((result['generated_texts'] as string[])[0]).not.toBe('');
  });

  it.each([
    [['--lora-modules', 'a', 'b'], /--lora-modules.*measure each module by itself/],
    [['--sonnet-input-len', '5'], /no sonnet data set/],
    [['--hf-split', 'train'], /not downloaded/],
    [['--tokenizer-mode', 'mistral'], /tokenizer\.json/],
    [['--goodput', 'itl:5'], /ttft, tpot or e2el/],
    [['--metadata', 'version'], /KEY=VALUE/],
    [['--client-limits', 'cpu=1'], /expected some of lagShareOfTtft/],
    [['--client-limits', 'cpuShare=2'], /--client-limits/],
    [['--metric-percentiles', '101'], /up to 100/],
    [['--extra-body', '[1]'], /a JSON object/],
    [['--turns', '5-3'], /3-6/],
    [['--think-ms', 'long'], /exp:500/],
    [['--backend', 'openai-chat'], /USAGE: .*\n.*--endpoint \/v1\/chat\/completions/],
    [['--endpoint', '/v1/chat/completions', '--best-of', '2'], /USAGE: --best-of/],
    [['--dataset-name', 'sharegpt'], /needs --dataset-path/],
    [['--dataset-name', 'shared-prefix'], /needs --random-prefix-len/],
    [['--arrival', 'ramp', '--ramp-seconds', '1'], /needs a --request-rate/],
    [['--arrival', 'ramp', '--request-rate', '5'], /needs --ramp-seconds/],
    [['--arrival', 'closed-loop', '--request-rate', '5'], /has no --request-rate/],
    [['--arrival', 'replay'], /timestamps/],
    [['--num-prompts', '3', '--num-conversations', '3'], /cannot be used with/],
  ])('are refused with a reason: %s', async (args, reason) => {
    const { exitCode, stderr } = await runCli(['bench', '--model', 'm', ...args], '/');
    expect(stderr).toMatch(reason);
    expect(exitCode).toBe(2);
  });
});

describe('arrival patterns of sweepline bench', () => {
  const rate = ['--request-rate', '500'];

  it.each([
    [['--max-concurrency', '2'], { pattern: 'closed-loop', concurrency: 2 }],
    [rate, { pattern: 'gamma', rate: 500, burstiness: 1, seed: 0 }],
    [
      [...rate, '--burstiness', '2', '--max-concurrency', '3', '--seed', '4'],
      { pattern: 'gamma', rate: 500, burstiness: 2, seed: 4, concurrency: 3 },
    ],
    [[...rate, '--arrival', 'constant'], { pattern: 'constant', rate: 500 }],
    [[...rate, '--arrival', 'poisson'], { pattern: 'poisson', rate: 500, seed: 0 }],
    [
      [...rate, '--arrival', 'ramp', '--ramp-from', '100', '--ramp-seconds', '0.1'],
      { pattern: 'ramp', from: 100, to: 500, durationS: 0.1 },
    ],
  ])('%s', async (args, arrival) => {
    const spec = await specFor(['--random-input-len', '30', '--num-prompts', '4', ...args]);
    expect(spec.arrival).toEqual(arrival);
  });
});

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
    expect(stderr).toMatch(/WORKLOAD_INVALID: 2 hash_ids can't stand for 20 tokens.*t\.jsonl:1/);
    expect(requests).toEqual([]);
  });

  it('tell what a load process finds wrong, and where', async () => {
    const { exitCode, stderr } = await bench(['--dataset-name', 'sharegpt', '--dataset-path', 's.json'], {
      's.json': '[]',
    });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/WORKLOAD_INVALID: .*no tokenizer \(key tokenizer\)\n.*--tokenizer/);
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
    // Four of the thirty tokens are the template's.
    for (const { prompt } of requests) expect(String(prompt)).toMatch(/^<user> (w\d+ ){26}<\/> <assistant>$/);
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

describe('the progress of sweepline bench', () => {
  it('tells where nothing can be redrawn how each phase ended', async () => {
    const { stderr } = await bench([...SMALL, '--num-warmups', '2']);
    expect(stderr).toMatch(/^warmup 2\/2, /m);
    expect(stderr).toMatch(/^measure 4\/4, \d+ tok\/s, TTFT [\d.]+ ms, ITL [\d.]+ ms, client lag/m);
  });
});

describe('--profile', () => {
  it('starts the profiler before the load and stops it afterwards', async () => {
    await using workspace = await makeWorkspace();
    await using server = await startFakeServer();
    const paths: string[] = [];
    const proxy = createServer((request, response) => {
      paths.push(String(request.url));
      if (request.url?.endsWith('_profile')) response.end();
      else response.writeHead(307, { location: `${server.url}${request.url}` }).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    await workspace.cli([
      ...['bench', '--base-url', `http://127.0.0.1:${port}`, '--model', 'fake-model', '--profile'],
      ...['--no-server-metrics', '--num-prompts', '1'],
    ]);
    proxy.close();
    expect(paths.at(0)).toBe('/start_profile');
    expect(paths.at(-1)).toBe('/stop_profile');
    expect(paths.length).toBeGreaterThan(2);
  });

  it('needs a server with one', async () => {
    const { exitCode, stderr, requests } = await bench([...SMALL, '--profile']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/REQUEST_FAILED: the profiler did not start: \/start_profile answered 404/);
    expect(requests).toEqual([]);
  });
});
