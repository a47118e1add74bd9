import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startFakeServer } from '../../src/testing/index.js';
import { runCli } from '../run-cli.js';
import { makeWorkspace } from '../workspace.js';
import { SMALL, bench, specFor } from './bench-run.js';

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

  it('take any ratio from 0 to 1', async () => {
    for (const ratio of ['0', '0.0', '0.8', '1']) {
      const { prompts } = await specFor([...SMALL, '--random-range-ratio', ratio]);
      expect(prompts).toMatchObject({ rangeRatio: Number(ratio) });
    }
    for (const ratio of ['-0.1', '1.1', 'all', '']) {
      const { exitCode, stderr } = await runCli(['bench', ...SMALL, '--random-range-ratio', ratio], '/');
      expect(exitCode).toBe(2);
      expect(stderr).toContain('expected a number from 0 to 1');
    }
  });

  it('take a ratio of 0, with which lengths are from 1 on', async () => {
    const lengths = ['--random-input-len', '30', '--num-prompts', '10'];
    const { exitCode, stderr, run } = await bench([...lengths, '--random-range-ratio', '0.0']);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const asked = run?.requests.map(({ requestedOutputTokens }) => requestedOutputTokens) ?? [];
    expect(asked).toHaveLength(10);
    expect(Math.min(...asked)).toBe(1);
    expect(Math.max(...asked)).toBeLessThanOrEqual(3);
  });

  it('are taken as InferenceX has them, and change no number', async () => {
    const { exitCode, stdout, result } = await bench([
      ...SMALL,
      ...['--backend', 'sglang', '--tokenizer-mode', 'auto', '--trust-remote-code', '--use-beam-search'],
      ...['--disable-tqdm', '--metadata', 'version=0.3.3', 'completed=no=0', '--goodput', 'ttft:9000'],
      ...['--percentile-metrics', 'ttft,e2el', '--metric-percentiles', '25,99.5', '--save-detailed'],
      ...['--best-of', '1', '--random-num-workers', '4'],
    ]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ backend: 'sglang', version: '0.3.3', completed: 4, best_of: 1 });
    for (const key of ['p25_ttft_ms', 'p99.5_ttft_ms', 'p25_e2el_ms', 'p99_itl_ms', 'request_goodput']) {
      expect(result[key], key).toEqual(expect.any(Number));
    }
    expect(result).not.toHaveProperty('p25_itl_ms');
    expect(stdout).toMatch(/\bp25\b/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(stdout).toMatch(/^output rate per request, tok\/s( +[\d.]+){4}$/m);
    expect(result['generated_texts']).toHaveLength(4);
    expect((result['generated_texts'] as string[])[0]).not.toBe('');
  });

  it.each([
    [['--host', '::1', '--port', '9'], 'http://[::1]:9'],
    [['--host', 'node-7'], 'http://node-7:8000'],
    [['--base-url', 'https://h/llm/'], 'https://h/llm'],
  ])('name the server: %s', async (args, baseUrl) => {
    expect((await specFor(args)).endpoint.baseUrl).toBe(baseUrl);
  });

  it.each([
    [['--lora-modules', 'a', 'b'], /--lora-modules.*measure each module on its own/],
    [['--sonnet-input-len', '5'], /sonnet data set is not supported/],
    [['--dsv4', '--use-chat-template'], /--dsv4.*--tokenizer/],
    [['--hf-name', 'a/b'], /--dataset-path/],
    [['--tokenizer-mode', 'mistral'], /tokenizer\.json/],
    [['--goodput', 'itl:5'], /ttft, tpot or e2el/],
    [['--goodput', 'ttft:5:6'], /such as ttft:500/],
    [['--goodput', 'ttft:Infinity'], /such as ttft:500/],
    [['--metadata', 'version'], /KEY=VALUE/],
    [['--client-limits', 'cpu=1'], /expected some of lagShareOfTtft/],
    [['--client-limits', 'cpuShare=2'], /--client-limits/],
    [['--metric-percentiles', '101'], /up to 100/],
    [['--extra-body', '[1]'], /a JSON object/],
    [['--turns', '5-3'], /3-6/],
    [['--think-ms', 'long'], /exp:500/],
    [['--think-ms', '800-200'], /shorter time first/],
    [['--seed', '4294967296'], /below 2\^32/],
    [['--bust-cache', '4294967296'], /below 2\^32/],
    [['--random-input-len', '5000000000'], /16777216 at most/],
    [['--random-prefix-len', '5000000000'], /16777216 at most/],
    [['--random-output-len', '0'], /positive whole number/],
    [['--num-prompts', '5000000000'], /16777216 at most/],
    [['--num-warmups', '5000000000'], /16777216 at most/],
    [['--num-conversations', '5000000000'], /16777216 at most/],
    [['--port', '65536'], /up to 65535/],
    [['--duration', '0'], /seconds above 0/],
    [['--duration', '5'], /--duration needs a --max-concurrency or a --request-rate/],
    [['--duration', '1000000', '--request-rate', '1000'], /more than 1048576 requests are due/],
    [['--request-timeout', 'soon'], /seconds above 0/],
    [['--ready-check-timeout-sec', '-1'], /seconds above 0/],
    [['--input-len', '5', '--random-input-len', '6'], /cannot be used with/],
    [['--top-p', '1.5'], /from 0 to 1/],
    [['--temperature', '-1'], /0 or more/],
    [['--endpoint', '/generate', '--top-k', '3'], /USAGE: --top-k works only with the OpenAI APIs/],
    [['--ramp-up-strategy', 'sideways'], /linear or exponential/],
    [['--ramp-up-strategy', 'linear'], /needs --ramp-up-strategy, --ramp-up-start-rps and --ramp-up-end-rps/],
    [
      ['--ramp-up-strategy', 'linear', '--ramp-up-start-rps', '5', '--ramp-up-end-rps', '2'],
      /--ramp-up-start-rps 5 is above/,
    ],
    [
      [
        ...['--ramp-up-strategy', 'linear', '--ramp-up-start-rps', '1'],
        ...['--ramp-up-end-rps', '2', '--request-rate', '5'],
      ],
      /not --request-rate/,
    ],
    [['--ramp-up-start-rps', '5'], /works only with --arrival ramp-up/],
    [['--request-id-prefix', 'a', '--header', 'X-Request-Id=b'], /set the same header/],
    [['--plot-timeline'], /--results-dir/],
    [['--self-timed'], /replayed at its own times/],
    [['--prefix-repetition-num-prefixes', '3'], /--num-prefixes/],
    [['--host', 'http://h'], /--base-url takes a URL/],
    [['--host', 'h/v1'], /--base-url takes a URL/],
    [['--base-url', 'http://h?key=s'], /expected a URL/],
    [['--base-url', 'http://me:secret@h'], /OPENAI_API_KEY/],
    [['--backend', 'openai-chat'], /USAGE: .*\n.*--endpoint \/v1\/chat\/completions/],
    [['--endpoint', '/v1/chat/completions', '--best-of', '2'], /USAGE: --best-of/],
    [['--dataset-name', 'sharegpt'], /needs --dataset-path/],
    [['--dataset-name', 'shared-prefix'], /needs --random-prefix-len/],
    [['--arrival', 'ramp', '--ramp-seconds', '1'], /needs a --request-rate/],
    [['--arrival', 'ramp', '--request-rate', '5'], /needs --ramp-seconds/],
    [['--arrival', 'closed-loop', '--request-rate', '5'], /has no --request-rate/],
    [['--arrival', 'replay'], /timestamps/],
    [['--arrival', 'replay', '--request-rate', '5'], /takes --replay-speed/],
    [['--ramp-seconds', '5', '--request-rate', '5'], /works only with --arrival ramp/],
    [['--replay-speed', '2'], /works only with --arrival replay/],
    [['--num-conversations', '5'], /--num-conversations works only with --dataset-name multi-turn/],
    [['--dataset-name', 'multi-turn', '--use-chat-template'], /only with --dataset-name random/],
    [['--whole-conversations'], /only with --dataset-name sharegpt/],
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
    [
      [
        '--ramp-up-strategy',
        'exponential',
        '--ramp-up-start-rps',
        '1',
        '--ramp-up-end-rps',
        '8',
        '--burstiness',
        '3',
      ],
      {
        ...{ pattern: 'ramp-up', strategy: 'exponential', startRps: 1, endRps: 8 },
        ...{ requests: 4, burstiness: 3, seed: 0 },
      },
    ],
  ])('%s', async (args, arrival) => {
    const spec = await specFor(['--random-input-len', '30', '--num-prompts', '4', ...args]);
    expect(spec.arrival).toEqual(arrival);
  });
});

describe('the progress of sweepline bench', () => {
  it('tells where nothing can be redrawn how each phase ended', async () => {
    const { stderr } = await bench([...SMALL, '--num-warmups', '2']);
    expect(stderr).toMatch(/^warmup 2\/2, /m);
    expect(stderr).toMatch(
      /^measure 4\/4, \d+ tok\/s, TTFT [\d.]+ ms, ITL [\d.]+ ms, client (?:late: )?lag/m,
    );
  });

  it('is not told with --disable-tqdm', async () => {
    const { exitCode, stderr } = await bench([...SMALL, '--disable-tqdm']);
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/measure/);
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
