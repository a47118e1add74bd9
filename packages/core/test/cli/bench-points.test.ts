import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResultLines, readRun } from '../../src/results/reader.js';
import { startFakeServer, type FakeServer } from '../../src/testing/index.js';
import type { CompletedResult } from '../../src/results/schema.js';
import { runCli } from '../run-cli.js';
import { makeWorkspace } from '../workspace.js';

type Json = Readonly<Record<string, unknown>>;

const args = (server: Pick<FakeServer, 'url'>, ...more: readonly string[]): readonly string[] => [
  ...['bench', '--allow-invalid', '--base-url', server.url, '--model', 'acme/fake-model'],
  ...['--served-model-name', 'fake-model', '--no-server-metrics'],
  ...['--random-input-len', '24', '--random-output-len', '4', '--num-prompts', '6', ...more],
];

/** An empty folder, and the command in it. */
async function makeFolder() {
  const root = await mkdtemp(join(tmpdir(), 'sweepline-points-'));
  return {
    root,
    cli: (given: readonly string[]) => runCli(given, root),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

/** The only run in a results folder. */
async function runIn({ root }: { readonly root: string }, dir = 'results') {
  const folder = join(root, dir);
  const names = await readdir(folder);
  expect(names).toHaveLength(1);
  return join(folder, names[0] ?? '');
}

const texts = async (folder: string): Promise<string> => {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const read = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
  return (await Promise.all(read)).join('\n');
};

describe('a bench of several points', () => {
  it.each<[readonly string[], boolean]>([
    [['--dataset-name', 'custom', '--dataset-path', 'prompts.jsonl'], true],
    [['--dataset-name', 'custom', '--dataset-path', 'prompts.jsonl', '--bust-cache'], false],
    [['--dataset-name', 'random'], false],
  ])('warns where a cache of prefixes may know the prompts of later points: %s', async (given, warns) => {
    await using server = await startFakeServer();
    const line = `${JSON.stringify({ prompt: 'What is a GPU?', output_tokens: 4 })}\n`;
    await using workspace = await makeWorkspace({ 'prompts.jsonl': line.repeat(6) });
    const bench = (limits: string) => workspace.cli(args(server, '--max-concurrency', limits, ...given));
    const several = await bench('1,2');
    expect(several.exitCode, several.stderr).toBe(0);
    expect(several.stderr.includes('all points send prompts of the same file')).toBe(warns);
    if (!warns) return;
    const one = await bench('1');
    expect(one.exitCode, one.stderr).toBe(0);
    expect(one.stderr).not.toContain('of the same file');
  });

  it('leaves the folder, the report and the table of a sweep', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace();
    const { exitCode, stdout, stderr } = await workspace.cli(args(server, '--max-concurrency', '1,2,3'));

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/^Model +ISL\/OSL +Conc /);
    expect(stdout).not.toMatch(/\bHW\b|Framework|tok\/s\/device/);
    expect([...stdout.matchAll(/^acme\/fake-model +24\/4 +(\d)/gm)].map(([, conc]) => conc)).toEqual([
      '1',
      '2',
      '3',
    ]);

    const folder = await runIn(workspace);
    expect((await readdir(folder)).sort()).toEqual([
      ...['points', 'results.ndjson', 'run.json', 'summary.md'],
    ]);
    const { run, results, problems } = await readRun(folder);
    expect(problems).toEqual([]);
    expect(run).toMatchObject({ state: 'finished', points: 3, configFiles: [] });
    expect((await readResultLines(folder)).lines).toHaveLength(3);
    for (const result of results as readonly CompletedResult[]) {
      expect(result).toMatchObject({
        state: 'completed',
        job: { model: 'acme/fake-model', isl: 24, osl: 4 },
        endpoint: { baseUrl: server.url, api: 'completions' },
        delivered: { completed: 6, failed: 0, peakInFlight: result.concurrency },
        withheld: expect.stringContaining('already running') as string,
        files: { load: 'load.json', raw: 'raw.json', records: 'records.jsonl' },
      });
      expect(result.provenance).not.toHaveProperty('framework');
      expect(result.provenance.placement).toMatchObject({ place: 'controller', path: 'loopback' });
      for (const key of ['hw', 'framework', 'precision', 'image', 'tp', 'tput_per_gpu'])
        expect(result.row, key).not.toHaveProperty(key);
      expect(result.row).toMatchObject({ model: 'acme/fake-model', conc: result.concurrency, isl: 24 });
      expect(result.row['total_token_throughput']).toBe(result.metrics['total_token_throughput']);
      expect(result.row['median_ttft']).toBeCloseTo((result.metrics['median_ttft_ms'] ?? 0) / 1000, 9);
    }
    const summary = await readFile(join(folder, 'summary.md'), 'utf8');
    expect(summary).toContain('Endpoint Results');
    expect(summary).not.toMatch(/undefined|NaN/);
  });

  it('sends no point the prompts of another one', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeFolder();
    await workspace.cli(args(server, '--max-concurrency', '2,3', '--prompt-form', 'token-ids'));

    const prompts = server.requests
      .filter(({ maxTokens }) => maxTokens === 4)
      .map(({ prompt }) => String(prompt));
    expect(prompts.length).toBeGreaterThanOrEqual(12);
    expect(new Set(prompts).size).toBe(prompts.length);
  });

  it('prints each point as JSON, or a line of CSV, and nothing else', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeFolder();
    const lists = ['--request-rate', '400,inf', '--max-concurrency', '2'];
    const json = await workspace.cli(args(server, ...lists, '--json', '--metadata', 'site=lab'));
    const printed = JSON.parse(json.stdout) as readonly Json[];
    expect(printed).toHaveLength(2);
    expect(printed).toMatchObject([
      { model_id: 'acme/fake-model', request_rate: 400, max_concurrency: 2, completed: 6, site: 'lab' },
      { request_rate: 'inf', max_concurrency: 2, completed: 6 },
    ]);

    const csv = await workspace.cli(args(server, ...lists, '--csv'));
    const [header = '', ...lines] = csv.stdout.trimEnd().split('\r\n');
    expect(header.split(',')).toEqual(
      expect.arrayContaining(['conc', 'offered_rate', 'total_token_throughput']),
    );
    expect(lines).toHaveLength(2);
  });

  it('keeps going when a point fails, and says so at last', async () => {
    // Each point asks once before it measures: all that the second one measures is an error.
    await using server = await startFakeServer({ faults: ['status-500'], faultAt: (ordinal) => ordinal > 8 });
    await using workspace = await makeFolder();
    const more = ['--max-concurrency', '1,2', '--prompt-form', 'token-ids', '--json'];
    const { exitCode, stdout, stderr } = await workspace.cli(args(server, ...more));

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    const { results } = await readRun(await runIn(workspace));
    expect(results.map(({ state }) => state)).toEqual(['completed', 'failed']);
    expect(JSON.parse(stdout)).toMatchObject([
      { max_concurrency: 1, completed: 6 },
      { max_concurrency: 2, completed: 0, sweepline: { valid: false } },
    ]);
  });

  it('has the reason in the place of numbers where no load ran', async () => {
    await using workspace = await makeFolder();
    const nobody = { url: 'http://127.0.0.1:9' };
    const { exitCode, stdout } = await workspace.cli(args(nobody, '--request-rate', '5,6', '--json'));

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject(
      [5, 6].map((rate) => ({
        request_rate: rate,
        sweepline: { valid: false, state: 'failed', error: { code: 'ENDPOINT_UNREACHABLE' } },
      })),
    );
  });

  it('appends a line per point to the file that is named', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeFolder();
    await writeFile(join(workspace.root, 'all.jsonl'), '{"before":1}');
    const more = ['--append-result', '--result-filename', 'all.jsonl', '--label', 'nightly'];
    const { exitCode } = await workspace.cli(args(server, '--max-concurrency', '1,2', ...more));

    expect(exitCode).toBe(0);
    const lines = (await readFile(join(workspace.root, 'all.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Json)).toMatchObject([
      { before: 1 },
      { label: 'nightly', max_concurrency: 1 },
      { label: 'nightly', max_concurrency: 2 },
    ]);
  });

  it.each([
    [['--max-concurrency', '1,2,1'], /1 is listed twice/],
    [['--max-concurrency', '1,,2'], /positive whole number/],
    [['--request-rate', '1,fast'], /a number above 0/],
    [
      ['--max-concurrency', '1,2', '--keep-records', 'r.jsonl'],
      /--keep-records works only without a run folder/,
    ],
    [['--max-concurrency', '1,2', '--save-result', '--result-filename', 'f.json'], /2 points/],
    [['--max-concurrency', '1,2', '--dataset-name', 'sharegpt'], /needs --dataset-path/],
    [['--json', '--csv'], /cannot be used with/],
  ])('is refused before anything is sent or written: %s', async (more, reason) => {
    await using server = await startFakeServer();
    await using workspace = await makeFolder();
    const { exitCode, stderr } = await workspace.cli(args(server, ...more));

    expect(stderr).toMatch(reason);
    expect(exitCode).toBe(2);
    expect(server.stats.requests).toBe(0);
    expect(await readdir(workspace.root)).toEqual([]);
  });
});

describe('a bench of one point', () => {
  it('has a folder where one is asked for', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeFolder();
    const { exitCode, stdout } = await workspace.cli(
      args(server, '--max-concurrency', '2', '--results-dir', 'runs', '--json'),
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ completed: 6 });
    expect((await readRun(await runIn(workspace, 'runs'))).results).toHaveLength(1);
  });

  it('prints one JSON object, or CSV', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeFolder();
    const json = await workspace.cli(args(server, '--max-concurrency', '2', '--json'));
    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      max_concurrency: 2,
      sweepline: { valid: expect.any(Boolean) as boolean },
    });

    const csv = await workspace.cli(args(server, '--max-concurrency', '2', '--csv'));
    expect(csv.stdout.trimEnd().split('\r\n')).toHaveLength(2);
    expect(await readdir(workspace.root)).not.toContain('results');
  });
});

describe('headers of a bench', () => {
  it('reach the server, and no file, log or command line of another process', async () => {
    await using server = await startFakeServer({ apiKey: 'sk-a-long-secret-1' });
    await using workspace = await makeWorkspace();
    const secret = 'Authorization=Bearer sk-a-long-secret-1';
    const more = ['--max-concurrency', '1,2', '--save-result', '--save-detailed', '--header', secret];
    const { exitCode, stdout, stderr } = await workspace.cli(
      args(
        server,
        ...more,
        'X-Team=blue-team-of-seven',
        'X-Model=acme/fake-model',
        '--header-env',
        'X-Other=OTHER',
      ),
      { env: { OTHER: 'another-long-secret' } },
    );

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const written = `${await texts(workspace.root)}${stdout}${stderr}`;
    for (const value of ['sk-a-long-secret-1', 'blue-team-of-seven', 'another-long-secret'])
      expect(written).not.toContain(value);
    expect(written).toContain('"X-Team": "SWEEPLINE_HEADER_2_SECRET"');
    // One that is a word of the results as well leaves them alone.
    expect(stdout).toMatch(/^acme\/fake-model /m);
  });

  it.each([
    [['--header', 'Authorization: Bearer sk-curl-style'], /--header expects NAME=VALUE/],
    [['--header', 'Host=elsewhere'], /client itself sets/],
    [['--header', 'A=1', 'a=2'], /more than once/],
    [['--header-env', 'A=NOT_SET_ANYWHERE'], /environment variable is not set/],
  ])('are refused without being repeated: %s', async (more, reason) => {
    await using workspace = await makeFolder();
    const { exitCode, stderr } = await workspace.cli(args({ url: 'http://127.0.0.1:9' }, ...more));
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain('sk-curl-style');
    expect(exitCode).toBe(2);
  });
});
