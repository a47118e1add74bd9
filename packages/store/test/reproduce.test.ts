import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { startFakeServer } from '@sweepline/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entriesOf, forged, pack } from './archives.js';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { BUSY_MACHINE, measure, type Measured } from './measured.js';

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

/** A bundle with files changed, as whoever has no key can. */
async function forge(
  path: string,
  from: string,
  ...changes: readonly [string, (text: string) => string][]
): Promise<void> {
  let entries: Parameters<typeof forged>[0] = await entriesOf(join(store.root, from));
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
    'bundle.tar.gz',
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
  await forge('invalid.tar.gz', 'bundle.tar.gz', [
    'result.json',
    (text) =>
      text.replace('"marks": []', '"marks": [{ "code": "short", "severity": "invalid", "message": "m" }]'),
  ]);
  await forge(
    'elsewhere.tar.gz',
    'bundle.tar.gz',
    ['result.json', (text) => text.replace('"framework": "acme"', '"framework": "none"')],
    ['plan.json', () => 'no JSON'],
  );

  const broken = await reproduce('broken.tar.gz');
  expect(broken).toMatchObject({ exitCode: 99, stdout: '' });
  expect(broken.said).toMatch(/changed: the compressed data[^]*RESULT_INVALID: broken\.tar\.gz was changed/);
  const invalid = await reproduce('invalid.tar.gz', '--json');
  expect(invalid).toMatchObject({ exitCode: 8, said: '' });
  expect(JSON.parse(invalid.stdout)).toMatchObject({
    verdict: "can't say",
    why: expect.stringContaining('is invalid (short)') as string,
  });
  const elsewhere = await reproduce('elsewhere.tar.gz', '--unverified');
  expect(elsewhere.exitCode).toBe(8);
  expect(elsewhere.stdout).toMatch(/it can't be planned here: .*none[^]*can't say; what would decide/);
  expect(await runs()).toHaveLength(1);
});

/** Other runs of the same point, whose throughputs differ by these factors. */
async function addRuns(...factors: readonly number[]): Promise<void> {
  for (const [index, factor] of factors.entries()) {
    const run = join(store.resultsDir, `other-${index}`);
    await cp(measured.run, run, { recursive: true });
    for (const file of ['run.json', 'results.ndjson']) {
      const text = await readFile(join(run, file), 'utf8');
      const changed = text
        .replace(/"id": "[^"]+"/, `"id": "other-${index}"`)
        .replace(/"session":"[^"]+"/, `"session":"other-${index}"`)
        .replace(
          /("total_token_throughput":)([\d.]+)/,
          (_, key: string, value: string) => `${key}${factor * Number(value)}`,
        );
      await writeFile(join(run, file), changed);
    }
  }
}

it('runs the point, and says by how much it differs beyond the noise of other runs', async () => {
  await addRuns(0.98, 1, 1.02);
  await forge('fast.tar.gz', 'bundle.tar.gz', [
    'result.json',
    (text) => text.replace(/("total_token_throughput": )[\d.]+/, '$11e30'),
  ]);
  const { exitCode, stdout, said } = await reproduce('fast.tar.gz', '--unverified', '--json');
  const answer = JSON.parse(stdout) as {
    runs: string[];
    metrics: { metric: string; original: number; again: number; smallest?: number }[];
  };
  const key = 'total_token_throughput';
  const compared = answer.metrics.find(({ metric }) => metric === key);
  const [run = ''] = answer.runs;
  const again = await metricsOf(measured.point.replace(measured.run, join(store.resultsDir, run)));

  expect(exitCode).toBe(7);
  expect(said).toMatch(/1 numbers do not follow from the records: total_token_throughput/);
  expect(answer).toMatchObject({
    verdict: 'differs',
    differences: [],
    basis: 'runs again: 1, other runs of the series on that node: 3',
  });
  expect(answer.runs).toHaveLength(1);
  expect(compared).toMatchObject({ original: 1e30, verdict: 'differs' });
  expect(compared?.again).toBeCloseTo(again[key]!, 6);
  // t(0.9875, 2) = 8.860, times the deviation of the logarithms of 0.98, 1 and 1.02, times √2.
  expect(compared?.smallest).toBeCloseTo(Math.expm1(8.86 * 0.020003 * Math.SQRT2), 3);
});

it('measures again what seems worse before it says so', async () => {
  await addRuns(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1e-6);
  const before = await runs();
  const flags = ['other-0', 'other-10', '--metric', 'total_token_throughput=99%'];
  expect((await store.run('compare', ...flags)).exitCode).not.toBe(0);
  const { exitCode, stdout, said } = await store.run('compare', ...flags, '--confirm', '--json');
  const [again = ''] = (await runs()).filter((name) => !before.includes(name));
  const { command } = JSON.parse(await readFile(join(store.resultsDir, again, 'run.json'), 'utf8')) as {
    command: { arguments: readonly string[] };
  };

  expect(said).toContain('a second run decides: 1 jobs are measured again');
  expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({
    exitCode: 0,
    verdict: 'same',
    confirmedBy: again,
    curves: [{ reason: 'worse at first, and not in the second run' }],
    // This machine is the only node.
    secondRun: {
      points: [{ nodes: [hostname()], nodesOfB: [hostname()], isOnOtherNode: false }],
      failed: [],
    },
  });
  expect(command.arguments.slice(-2)).toEqual(['--other-nodes-than', join(store.resultsDir, 'other-10')]);
});

it('closes a gate only after a second run has confirmed it, here or elsewhere', async () => {
  await addRuns(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1e-6);
  const rules = [
    { rule: 'regression', reason: 'r', against: 'other-0', metrics: ['total_token_throughput=99%'] },
  ];
  await writeFile(join(store.root, 'gate.yaml'), JSON.stringify({ rules }));
  const jobs = async () =>
    JSON.parse(await readFile(join(store.root, 'again.json'), 'utf8')) as readonly object[];

  expect((await store.run('gate', 'other-10', '--jobs-to-confirm', 'again.json')).exitCode).not.toBe(0);
  expect(await jobs()).toEqual([expect.objectContaining({ framework: 'acme' })]);
  expect((await store.run('gate', 'other-9', '--jobs-to-confirm', 'again.json')).exitCode).toBe(0);
  expect(await jobs()).toEqual([]);
  const { exitCode, said } = await store.run('gate', 'other-10', '--confirm');
  expect([exitCode, said]).toEqual([
    0,
    expect.stringContaining('a second run decides: 1 jobs are measured again'),
  ]);
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
  // As if it had been measured with limits that no busy machine exceeds.
  const limits = `"clientLimits": ${JSON.stringify(BUSY_MACHINE)}, `;
  const unlimited = (text: string): string => text.replace('"numPrompts"', `${limits}"numPrompts"`);
  await forge(
    'patient.tar.gz',
    'bench.tar.gz',
    ['load.json', unlimited],
    ['records.jsonl', unlimited],
    ['result.json', (text) => JSON.stringify({ ...(JSON.parse(text) as object), marks: [] })],
  );
  const without = await reproduce('patient.tar.gz');
  expect(without.exitCode).toBe(8);
  expect(without.stdout).toMatch(/its server was not started by Sweepline[^]*--endpoint URL/);

  const { exitCode, stdout } = await reproduce('patient.tar.gz', '--endpoint', `${other.url}/`);
  expect(exitCode).toBe(8);
  expect(stdout).toMatch(/total_token_throughput: [\d.]+, again [\d.]+/);
  const promptsOf = ({ requests }: typeof server): string[] =>
    requests.map(({ prompt }) => JSON.stringify(prompt)).slice(-8);
  expect(promptsOf(other).sort()).toEqual(promptsOf(server).sort());

  await forge('code.tar.gz', 'patient.tar.gz', [
    'load.json',
    (text) => text.replace('"api": ', '"codec": "data:text/javascript,process.exit(99)",\n    "api": '),
  ]);
  const code = await reproduce('code.tar.gz', '--endpoint', other.url);
  expect(code.said).toMatch(/LOAD_SPEC_INVALID: the bundle's load names code of its own/);
});
