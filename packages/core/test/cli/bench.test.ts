import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startFakeServer, type FakeServer } from '../../src/testing/index.js';
import { makeWorkspace } from '../workspace.js';

const benchArgs = (server: FakeServer, ...more: readonly string[]): readonly string[] => [
  ...['bench', '--allow-invalid'],
  ...['--base-url', server.url],
  ...['--model', 'fake-model'],
  ...['--random-input-len', '128'],
  ...['--random-output-len', '32'],
  ...['--max-concurrency', '4'],
  ...['--num-prompts', '40'],
  ...more,
];

describe('sweepline bench', () => {
  it("measures an endpoint and saves benchmark_serving.py's result", async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace();

    const { exitCode, stdout } = await workspace.cli(
      benchArgs(server, '--save-result', '--result-dir', 'D', '--result-filename', 'F.json'),
    );

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Successful requests +40$/m);
    const result = JSON.parse(await readFile(join(workspace.root, 'D', 'F.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(result).toMatchObject({
      model_id: 'fake-model',
      num_prompts: 40,
      max_concurrency: 4,
      request_rate: 'inf',
      completed: 40,
      total_input_tokens: 40 * 128,
      total_output_tokens: 40 * 32,
    });
    for (const metric of ['ttft', 'tpot', 'itl', 'e2el']) {
      for (const statistic of ['mean', 'median', 'std', 'p99']) {
        expect(result[`${statistic}_${metric}_ms`]).toEqual(expect.any(Number));
      }
    }
    expect(result).not.toHaveProperty('ttfts');
    expect(server.stats.peakInFlight).toBeLessThanOrEqual(4);
  });

  it('takes the flags that InferenceX calls its client with', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace();

    const { exitCode } = await workspace.cli(
      benchArgs(
        server,
        ...[
          '--backend',
          'vllm',
          '--dataset-name',
          'random',
          '--random-range-ratio',
          '0.8',
          '--request-rate',
          'inf',
        ],
        ...['--ignore-eos', '--num-warmups', '8', '--percentile-metrics', 'ttft,tpot,itl,e2el'],
        ...['--save-result', '--result-filename', 'F.json'],
      ),
    );

    expect(exitCode).toBe(0);
    const saved = await readFile(join(workspace.root, 'F.json'), 'utf8');
    expect(JSON.parse(saved)).toMatchObject({ backend: 'vllm', completed: 40, request_rate: 'inf' });
    expect((await workspace.cli(benchArgs(server, '--request-rate', 'many'))).exitCode).toBe(2);
  });

  it('keeps what each request gave when asked to, also without usage and token ids', async () => {
    await using server = await startFakeServer({ faults: ['no-usage', 'refuse-token-ids'] });
    await using workspace = await makeWorkspace();

    const { stdout, stderr } = await workspace.cli(
      benchArgs(
        server,
        '--save-result',
        '--save-detailed',
        '--result-filename',
        'F.json',
        '--num-warmups',
        '3',
      ),
    );

    const result = JSON.parse(await readFile(join(workspace.root, 'F.json'), 'utf8')) as Record<
      string,
      unknown[]
    >;
    expect(result['ttfts']).toHaveLength(40);
    for (const seconds of result['ttfts'] ?? []) expect(String(seconds)).toMatch(/^\d+(\.\d{1,6})?$/);
    expect(result['itls']?.map((gaps) => (gaps as unknown[]).length)).toEqual(Array<number>(40).fill(31));
    expect(result['output_lens']).toEqual(Array<null>(40).fill(null));
    expect(result).not.toHaveProperty('output_throughput');
    expect(stdout).not.toMatch(/Output throughput/);
    expect(stderr).toMatch(/warning: missing-usage/);
  });

  it('speaks to chat endpoints, with a key from the environment that shows up nowhere', async () => {
    await using server = await startFakeServer({ apiKey: 'sk-secret-1' });
    await using workspace = await makeWorkspace();
    const args = benchArgs(
      server,
      '--endpoint',
      '/v1/chat/completions',
      '--save-result',
      '--result-filename',
      'F.json',
    );

    const refused = await workspace.cli(args, { env: { OPENAI_API_KEY: 'sk-wrong' } });
    const { exitCode, stdout, stderr } = await workspace.cli(args, {
      env: { OPENAI_API_KEY: 'sk-secret-1' },
    });

    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(/401/);
    expect(exitCode).toBe(0);
    const saved = await readFile(join(workspace.root, 'F.json'), 'utf8');
    expect(stdout + stderr + saved).not.toContain('sk-secret');
    expect(JSON.parse(saved)).toMatchObject({ backend: 'openai-chat', completed: 40 });
  });

  it('counts failures, and fails', async () => {
    await using server = await startFakeServer({
      faults: ['reset'],
      faultAt: (ordinal) => ordinal % 5 === 0,
    });
    await using workspace = await makeWorkspace();

    const { exitCode, stdout, stderr } = await workspace.cli(benchArgs(server));

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Failed requests +8$/m);
    expect(stderr).toMatch(/^INVALID failed-requests/m);
  });

  it.each([
    ['file/below', 'F.json', /below/],
    ['.', 'file/below/F.json', /below/],
    ['.', 'folder', /folder is a folder/],
  ])('does not measure what it could not save: %s %s', async (folder, name, reason) => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace({ file: '', 'folder/other': '' });

    const { exitCode, stdout, stderr } = await workspace.cli(
      benchArgs(server, '--save-result', '--result-dir', folder, '--result-filename', name),
    );

    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(stderr).toMatch(/RESULT_WRITE_FAILED/);
    expect(stderr).toMatch(reason);
    expect(server.stats.requests).toBe(0);
  });

  it('names and orders its result as the original does', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace();
    const flags = ['--backend', 'vllm', '--model', 'org/M', '--served-model-name', 'fake-model'];
    const more = ['--num-prompts', '40', '--request-rate', '2000', '--metadata', 'tp=8', 'date=never'];

    const { stderr } = await workspace.cli([
      ...['bench', '--base-url', server.url, '--random-output-len', '3', '--save-result', '--save-detailed'],
      ...[...flags, ...more],
    ]);

    const [, name = ''] = /result: .*\/(vllm-2000\.0qps-M-\d{8}-\d{6}\.json)$/m.exec(stderr) ?? [];
    const result = JSON.parse(await readFile(join(workspace.root, name), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(result).slice(0, 10)).toEqual([
      ...['date', 'backend', 'model_id', 'tokenizer_id', 'best_of', 'num_prompts'],
      ...['tp', 'request_rate', 'burstiness', 'max_concurrency'],
    ]);
    expect(result).toMatchObject({ model_id: 'org/M', tp: '8', request_rate: 2000, max_concurrency: null });
    expect(name).toContain(`-${String(result['date'])}.json`);
    expect(Object.keys(result).slice(-6)).toEqual([
      ...['input_lens', 'output_lens', 'ttfts', 'itls', 'generated_texts', 'errors'],
    ]);
  });

  it('takes an empty key for none, and refuses what is no URL', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace();

    const { exitCode } = await workspace.cli(benchArgs(server), { env: { OPENAI_API_KEY: '' } });
    const refused = await workspace.cli(['bench', '--model', 'm', '--base-url', 'localhost:8000']);

    expect(exitCode).toBe(0);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/--base-url.*expected a URL/);
  });

  it.each([
    [['--keep-records', 'R.jsonl'], /metrics recompute \S+R\.jsonl$/m],
    [[], /use --keep-records to keep/],
  ])('says what becomes of a load that is stopped: %j', async (args, hint) => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace();

    const running = workspace.start(benchArgs(server, '--num-prompts', '100000', ...args));
    await vi.waitUntil(() => server.stats.requests > 20, { timeout: 30_000 });
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;

    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/INTERRUPTED: the load was stopped/);
    expect(stderr).toMatch(hint);
    if (args.length === 0) return;
    const { stdout } = await workspace.cli(['metrics', 'recompute', 'R.jsonl']);
    expect(stdout).toMatch(/^ +completed +\d+$/m);
  });

  it('says what is wrong with an endpoint that is not there, or has no such model', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace();
    const gone = await startFakeServer();
    await gone.close();

    const unreachable = await workspace.cli(benchArgs(gone));
    const unknown = await workspace.cli(benchArgs(server, '--served-model-name', 'other'));

    expect(unreachable).toMatchObject({ exitCode: 5, stdout: '' });
    expect(unreachable.stderr).toMatch(/ENDPOINT_UNREACHABLE/);
    expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/REQUEST_FAILED: .*the model other does not exist/);
  });
});
