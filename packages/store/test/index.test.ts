import { appendFile, cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { row } from './rows.js';

/** A run of before results.ndjson, of Sweepline's own tests. */
const RUN_V1 = fileURLToPath(new URL('../../core/test/fixtures/run-v1', import.meta.url));

let workspace: StoreWorkspace;
beforeEach(async () => void (workspace = await makeStoreWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

function result(name: string, more: object = {}) {
  return {
    ...{ schema: 'sweepline.result/2', name, state: 'completed', concurrency: 4, row: row({ conc: 4 }) },
    job: {
      ...{ model: 'm', 'model-prefix': 'dsr1', runner: 'cluster', framework: 'sglang' },
      tp: 8,
      conc: 4,
    },
    ...{ startedAt: '2026-11-01T00:00:00.000Z', finishedAt: '2026-11-01T00:10:00.000Z' },
    metrics: { median_ttft_ms: 500, P99: 1, p99: 2, state: 3 },
    intervals: { median_ttft_ms: { low: 490, high: 510, covers: 'this run only' } },
    ...{ delivered: { offered: 40, sent: 40, completed: 40, failed: 0, peakInFlight: 4 }, marks: [] },
    provenance: {
      sweepline: '1.0.0',
      hardware: { sku: 'b200', node: 'n1', facts: {} },
      engine: { 'engine-version': '0.5' },
    },
    ...more,
  };
}

const line = (one: { readonly name: string }) =>
  `${JSON.stringify({ v: 1, folder: `points/${one.name}`, result: one })}\n`;

/** A run with these results. */
async function makeRun(id: string, ...results: readonly ReturnType<typeof result>[]): Promise<string> {
  const folder = join(workspace.resultsDir, id);
  await workspace.write(`results/${id}/run.json`, {
    ...{
      schema: 'sweepline.run/2',
      id,
      sweepline: '1.0.0',
      startedAt: '2026-11-01T00:00:00.000Z',
      state: 'finished',
    },
    ...{ configFiles: [], points: results.length },
    outputs: [{ key: 'median_ttft_ms', label: 'TTFT', unit: 'ms', better: 'lower', definition: 'd' }],
  });
  for (const { name } of results) await mkdir(join(folder, 'points', name), { recursive: true });
  await writeFile(join(folder, 'results.ndjson'), results.map(line).join(''));
  await writeFile(
    join(folder, 'journal.ndjson'),
    `${JSON.stringify({ v: 1, seq: 1, time: '2026-11-01T00:00:00.000Z', type: 'run-begun', crc: 'x' })}\n{"torn`,
  );
  return folder;
}

const failed = {
  ...{ state: 'failed', row: undefined, metrics: undefined, marks: undefined, delivered: undefined },
  error: { code: 'SERVER_DIED', message: 'it died', layer: 'server' },
};

it('has results, metrics, marks, intervals, provenance and journal of runs', async () => {
  const marks = [{ code: 'short-output', severity: 'invalid', message: 'm' }];
  await makeRun('r1', result('a'), result('b', { marks }), result('c', failed));

  const [a, b, c] = await workspace.rows('--sort', 'point');
  expect(a).toMatchObject({
    run: 'r1',
    origin: 'sweepline',
    conc: 4,
    sku: 'b200',
    node: 'n1',
    is_valid: true,
  });
  expect(a).toMatchObject({
    engine_version: '0.5',
    median_ttft_ms: 500,
    tput_per_gpu: 400.5,
    requests_completed: 40,
  });
  expect(b).toMatchObject({ is_valid: false, marks: ['short-output'] });
  expect(c).toMatchObject({
    state: 'failed',
    layer: 'server',
    error_code: 'SERVER_DIED',
    is_valid: false,
    tp: 8,
  });
  expect(c).not.toHaveProperty('tput_per_gpu');
  expect(await workspace.ask("SELECT point, key, low, high FROM intervals WHERE point = 'a'")).toEqual([
    { point: 'a', key: 'median_ttft_ms', low: 490, high: 510 },
  ]);
  expect(await workspace.ask('SELECT run, state, points FROM runs')).toEqual([
    { run: 'r1', state: 'finished', points: 3 },
  ]);
  expect(await workspace.ask('SELECT key, unit FROM outputs')).toEqual([
    { key: 'median_ttft_ms', unit: 'ms' },
  ]);
  expect(await workspace.ask('SELECT seq, type FROM journal')).toEqual([{ seq: 1, type: 'run-begun' }]);
});

it('keeps numbers apart whose names differ in case alone, or are those of other columns', async () => {
  await makeRun('r1', result('a'));

  const [a] = await workspace.rows();
  expect(a).toMatchObject({ P99: 1, metric_p99: 2, state: 'completed', metric_state: 3 });
  await makeRun('r2', result('a'));
  expect((await workspace.rows('run=r2'))[0]).toMatchObject({ P99: 1, metric_p99: 2, metric_state: 3 });
});

it('reads a run of the first version, which has no results.ndjson', async () => {
  await cp(RUN_V1, join(workspace.resultsDir, 'old'), { recursive: true });

  const rows = await workspace.rows();
  expect(rows.length).toBe((await readdir(join(RUN_V1, 'points'))).length);
  expect(rows.some((one) => one['state'] === 'completed' && typeof one['median_ttft_ms'] === 'number')).toBe(
    true,
  );
});

it('reads what has changed, and nothing else', async () => {
  const run = await makeRun('r1', result('a'));
  await makeRun('r2', result('a'));
  const said = async () => (await workspace.run('index')).said;

  expect(await said()).toContain('2 folders read, 0 as before');
  expect(await said()).toContain('0 folders read, 2 as before');
  await mkdir(join(run, 'points', 'b'));
  await appendFile(join(run, 'results.ndjson'), line(result('b')));
  expect(await said()).toContain('1 folders read, 1 as before');
  expect((await workspace.rows()).map(({ run, point }) => `${String(run)} ${String(point)}`)).toEqual([
    'r1 a',
    'r1 b',
    'r2 a',
  ]);
  await rm(run, { recursive: true });
  expect(await said()).toContain('0 folders read, 1 as before, 1 gone');
  expect(await workspace.rows()).toHaveLength(1);
  expect(await workspace.ask('SELECT DISTINCT run FROM journal')).toEqual([{ run: 'r2' }]);
});

it('has the metrics that a changed run has now, and no run had before', async () => {
  await makeRun('r1', result('a'));
  expect(await workspace.rows()).toHaveLength(1);
  await makeRun('r1', result('a', { metrics: { median_ttft_ms: 500, goodput: 7 } }));
  const [row] = await workspace.rows();
  expect(row).toMatchObject({ median_ttft_ms: 500, goodput: 7 });
});

it('takes the last line of a point, and leaves out points without a folder and those that are being measured', async () => {
  const run = await makeRun('r1', result('a'), result('b'));
  await appendFile(join(run, 'results.ndjson'), line(result('a', { concurrency: 8 })));
  await rm(join(run, 'points', 'b'), { recursive: true });
  await mkdir(join(run, 'points', '.running-c'));

  expect((await workspace.rows()).map(({ point, conc }) => [point, conc])).toEqual([['a', 8]]);
});

it('says what is damaged, and has the rest', async () => {
  await makeRun('good', result('a'));
  const torn = await makeRun('torn', result('a'));
  const lines = join(torn, 'results.ndjson');
  await writeFile(lines, `{"v":1,"fol\n${await readFile(lines, 'utf8')}{"v":1,"folder":"points/b","res`);
  await workspace.write('results/bad/run.json', '{');
  await workspace.write('results/imports/x/import.json', { v: 1 });
  await workspace.write('results/other/notes.txt', 'not a run');

  const { exitCode, said } = await workspace.run('index');
  expect(exitCode).toBe(1);
  expect(said).toMatch(/warning: .*torn: results\.ndjson has damaged lines: 1\n/);
  expect(said).toMatch(/warning: .*bad: /);
  expect(said).toMatch(/warning: .*imports\/x: /);
  expect(said).not.toContain('other');
  expect((await workspace.rows()).map(({ run }) => run)).toEqual(['good', 'torn']);
  await workspace.write('results/bad/run.json', { id: 'bad' });
  expect((await workspace.run('index')).said).not.toMatch(/bad: /);
});

it('counts a copy of a run once, and says so', async () => {
  const run = await makeRun('r1', result('a'));
  await cp(run, join(workspace.resultsDir, 'r2'), { recursive: true });

  expect((await workspace.run('index')).said).toMatch(/r2: it is the same run as .*r1, and counts once/);
  expect(await workspace.rows()).toHaveLength(1);
  await rm(run, { recursive: true });
  expect(await workspace.rows()).toHaveLength(1);
});

it('is built anew where the file is no index', async () => {
  await makeRun('r1', result('a'));
  await writeFile(join(workspace.resultsDir, 'index.duckdb'), 'nonsense');

  expect(await workspace.rows()).toHaveLength(1);
});

it('stays as it was for whoever reads it, until the next one is whole', async () => {
  await makeRun('r1', result('a'));
  await workspace.run('index');
  const file = join(workspace.resultsDir, 'index.duckdb');
  const { ino } = await stat(file);
  await makeRun('r2', result('a'));
  await workspace.run('index');

  expect((await stat(file)).ino).not.toBe(ino);
  expect((await readdir(workspace.resultsDir)).sort()).toEqual(['index.duckdb', 'r1', 'r2']);
});

it('is whole after any number of indexers at once', async () => {
  for (const id of ['r1', 'r2', 'r3']) await makeRun(id, result('a'), result('b'));
  await Promise.all([1, 2, 3].map(() => workspace.run('index')));

  expect(await workspace.rows()).toHaveLength(6);
  expect((await readdir(workspace.resultsDir)).filter((name) => name.includes('.tmp'))).toEqual([]);
});

it('a copy that a killed indexer left goes, and that of one which runs stays', async () => {
  await makeRun('r1', result('a'));
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  await workspace.run('index');
  const left = (pid: number | undefined) =>
    join(workspace.resultsDir, `index.duckdb.${hostname()}-${pid}-x.tmp`);
  await writeFile(left(child.pid), 'half');
  await writeFile(left(process.pid), 'half');
  await workspace.run('index');

  expect((await readdir(workspace.resultsDir)).filter((name) => name.endsWith('.tmp'))).toHaveLength(1);
});

it('has each repeat of a point, also those whose lines are damaged, and knows what they repeat', async () => {
  const repeat = (number: number, more: object = {}) =>
    result(number === 1 ? 'a' : `a.r${number}`, { point: 'a', repeat: number, ...more });
  const marks = [{ code: 'short', severity: 'invalid', message: 'm' }];
  const run = await makeRun('r1', repeat(1), repeat(2, { marks }), repeat(3), result('b'));
  const whole = { ...repeat(3), configFiles: [] };
  await workspace.write('results/r1/points/a.r3/result.json', whole);
  const lines = [repeat(1), repeat(2, { marks }), repeat(3), result('b')].map(line);
  await writeFile(
    join(run, 'results.ndjson'),
    lines.join('').replace(lines[2]!, lines[2]!.replace('"state"', '"st')),
  );

  const rows = await workspace.rows('--sort', 'point');
  expect(rows.map((one) => [one['point'], one['repeat'], one['repeat_of'], one['is_valid']])).toEqual([
    ['a', 1, 'a', true],
    ['a.r2', 2, 'a', false],
    ['a.r3', 3, 'a', true],
    ['b', 1, 'b', true],
  ]);
  expect(new Set(rows.map(({ series }) => series)).size).toBe(1);
  expect(rows.map((one) => one['marks'] ?? [])).toEqual([[], ['short'], [], []]);
});

it('reads a point from its folder whose line is damaged', async () => {
  const run = await makeRun('r1', result('a'), result('b'));
  await cp(join(RUN_V1, 'points'), join(run, 'points'), { recursive: true });
  await writeFile(
    join(run, 'results.ndjson'),
    line(result('a')) + line(result('b')).replace('"state"', '"st'),
  );

  const points = (await readdir(join(RUN_V1, 'points'))).concat('a');
  expect((await workspace.rows()).map(({ point }) => point).sort()).toEqual(points.sort());
});

it('goes with its results folder to another place', async () => {
  await makeRun('r1', result('a'));
  await workspace.run('index');
  const moved = `${workspace.resultsDir}-moved`;
  await rename(workspace.resultsDir, moved);
  await rename(moved, workspace.resultsDir);

  expect(await workspace.rows()).toHaveLength(1);
});

it('counts a measurement once that is also in a run which was joined from others', async () => {
  const measured = (session: string) => result('a', { provenance: { sweepline: '1.0.0', session } });
  const { row: _, ...unmeasured } = result('b', failed);
  await makeRun('part', measured('s1'), result('b', unmeasured));
  await makeRun('joined', measured('s1'), result('b', unmeasured));
  await makeRun('again', measured('s2'));

  const once = await workspace.rows('is_duplicate=false', 'point=a');
  expect(once.map(({ session }) => session).sort()).toEqual(['s1', 's2']);
  // Without a session nothing says that they are one.
  expect(await workspace.rows('is_duplicate=false', 'point=b')).toHaveLength(2);
});
