import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeServer } from '@sweepline/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entriesOf, forged, pack } from './archives.js';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { measure, type Measured } from './measured.js';

let measured: Measured;
let store: StoreWorkspace;
beforeAll(async () => {
  measured = await measure();
  store = await makeStoreWorkspace(measured.workspace.root);
  await store.run('bundle', measured.point, '--out', 'bundle.tar.gz');
});
afterAll(() => measured[Symbol.asyncDispose]());

const reproduce = (...args: readonly string[]) => store.run('reproduce', ...args);
const runs = (): Promise<string[]> => readdir(store.resultsDir);

/** The bundle with files changed, as whoever has no key can. */
async function forge(path: string, ...changes: readonly [string, (text: string) => string][]): Promise<void> {
  let entries: Parameters<typeof forged>[0] = await entriesOf(join(store.root, 'bundle.tar.gz'));
  for (const [name, change] of changes) entries = forged(entries, name, change);
  await pack(join(store.root, path), entries);
}

interface StoredResult {
  readonly metrics: Readonly<Record<string, number>>;
}

async function metricsOf(point: string): Promise<StoredResult['metrics']> {
  return (JSON.parse(await readFile(join(point, 'result.json'), 'utf8')) as StoredResult).metrics;
}

it("lists what can't be had again, and runs nothing if that is all that is asked for", async () => {
  const file = join(store.root, 'node_modules/@acme/sweepline-plugin/package.json');
  const before = await readFile(file, 'utf8');
  await forge(
    'other.tar.gz',
    ['load.json', (text) => text.replace('"api": ', '"apiKeyEnv": "ACME_API_KEY",\n    "api": ')],
    ['plan.json', (text) => text.replace('"processes"', '"more": 1, "processes"')],
  );
  await writeFile(file, before.replace('1.2.3', '1.2.4'));
  await writeFile(join(store.root, 'configs/acme.yaml'), '# changed\n', { flag: 'a' });
  const { exitCode, stdout, said } = await reproduce('other.tar.gz', '--dry-run');
  await writeFile(file, before);

  expect({ exitCode, said }).toEqual({ exitCode: 0, said: '' });
  expect(stdout).toMatch(/@acme\/sweepline-plugin: it was 1\.2\.3, and here it is 1\.2\.4/);
  expect(stdout).toMatch(/secret ACME_API_KEY: the variable is not set here/);
  expect(stdout).toMatch(/plan: more: 1 in the bundle, missing here/);
  expect(stdout).toMatch(/config acme\.yaml: it may have changed/);
  expect(stdout).toMatch(/weights: neither a revision/);
  expect(await runs()).toHaveLength(1);
});

it('runs nothing of a bundle that was changed, or that can not be compared', async () => {
  const bytes = await readFile(join(store.root, 'bundle.tar.gz'));
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(join(store.root, 'broken.tar.gz'), bytes);
  await forge('invalid.tar.gz', [
    'result.json',
    (text) =>
      text.replace('"marks": []', '"marks": [{ "code": "short", "severity": "invalid", "message": "m" }]'),
  ]);
  await forge('elsewhere.tar.gz', [
    'result.json',
    (text) => text.replace('"framework": "acme"', '"framework": "none"'),
  ]);

  const broken = await reproduce('broken.tar.gz');
  expect(broken).toMatchObject({ exitCode: 99, stdout: '' });
  expect(broken.said).toMatch(/changed: the compressed data[^]*RESULT_INVALID: broken\.tar\.gz was changed/);
  const invalid = await reproduce('invalid.tar.gz', '--json');
  expect(invalid).toMatchObject({ exitCode: 8, said: '' });
  expect(JSON.parse(invalid.stdout)).toMatchObject({
    verdict: "can't say",
    why: expect.stringContaining('is invalid (short)') as string,
  });
  const elsewhere = await reproduce('elsewhere.tar.gz');
  expect(elsewhere.exitCode).toBe(8);
  expect(elsewhere.stdout).toMatch(/it can't be planned here: .*none[^]*can't say; what would decide/);
  expect(await runs()).toHaveLength(1);
});

it('runs the point as often as it is asked to, and says by how much it differs', async () => {
  await forge('fast.tar.gz', [
    'result.json',
    (text) => text.replace(/("total_token_throughput": )[\d.]+/, '$11e30'),
  ]);
  const { exitCode, stdout, said } = await reproduce(
    'fast.tar.gz',
    '--unverified',
    '--repeat',
    '2',
    '--json',
  );
  const answer = JSON.parse(stdout) as {
    runs: string[];
    differences: object[];
    verdict: string;
    metrics: { metric: string; original: number; again: number; smallest: number }[];
  };
  const key = 'total_token_throughput';
  const compared = answer.metrics.find(({ metric }) => metric === key);
  const again = await Promise.all(
    answer.runs.map((run) => metricsOf(measured.point.replace(measured.run, join(store.resultsDir, run)))),
  );

  expect(exitCode).toBe(7);
  expect(said).toMatch(/1 numbers do not follow from the records: total_token_throughput/);
  expect(answer).toMatchObject({ verdict: 'differs', differences: [] });
  expect(again).toHaveLength(2);
  expect(compared).toMatchObject({ original: 1e30, verdict: 'differs' });
  expect(compared?.again).toBeCloseTo(Math.sqrt(again[0]![key]! * again[1]![key]!), 6);
  expect(answer.metrics.every(({ smallest }) => smallest > 0)).toBe(true);
});

it('loads a server that was already running, if it is named', async () => {
  await using server = await startFakeServer();
  await using other = await startFakeServer();
  const flags = ['--model', 'fake-model', '--random-input-len', '20', '--random-output-len', '5'];
  const more = ['--num-prompts', '8', '--max-concurrency', '2', '--seed', '7', '--results-dir', 'benches'];
  const bench = await measured.workspace.cli(['bench', '--base-url', server.url, ...flags, ...more]);
  const [run = ''] = await readdir(join(store.root, 'benches')).catch(() => {
    throw new Error(bench.stderr);
  });
  await store.run('bundle', join('benches', run), '--out', 'bench.tar.gz');
  expect((await store.run('verify', 'bench.tar.gz')).stdout).toMatch(/the numbers follow from the records/);
  const without = await reproduce('bench.tar.gz');
  expect(without.exitCode).toBe(8);
  expect(without.stdout).toMatch(/its server was not started by Sweepline[^]*--endpoint URL/);

  const { exitCode, stdout } = await reproduce('bench.tar.gz', '--endpoint', `${other.url}/`);
  expect(exitCode).toBe(8);
  expect(stdout).toMatch(/total_token_throughput: [\d.]+, again [\d.]+/);
  const promptsOf = ({ requests }: typeof server): string[] =>
    requests.map(({ prompt }) => JSON.stringify(prompt)).slice(-8);
  expect(promptsOf(other).sort()).toEqual(promptsOf(server).sort());
});
