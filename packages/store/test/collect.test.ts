import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRun } from '@sweepline/core';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { completed, failed, rejected, skipped, writeRun, type TestRun } from './runs.js';

let workspace: StoreWorkspace;
let jobs: string;
beforeEach(async () => {
  workspace = await makeStoreWorkspace();
  jobs = join(workspace.root, 'jobs');
  await mkdir(jobs);
});
afterEach(() => workspace[Symbol.asyncDispose]());

/** A run that a job uploaded, as download-artifact lays it out. */
const job = (name: string, run: TestRun): Promise<string> =>
  writeRun(join(jobs, name, 'results', run.id), run);
const joined = (name = 'all'): string => join(workspace.resultsDir, name);

/** Contents of all files below a folder, by their paths. */
async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(
      files.sort().map(async (file) => [relative(folder, file), await readFile(file, 'latin1')] as const),
    ),
  );
}

it('joins runs of several jobs, each once, and only reads them', async () => {
  await job('a', { id: 'r1', results: [completed('p1'), failed('p2')], logs: { p1: 'log' } });
  await job('deep/er/b', { id: 'r2', results: [completed('p3', { row: { conc: 8 } })] });
  const before = await filesIn(jobs);

  const { exitCode, said } = await workspace.run('collect', 'jobs', '--out', 'all');
  expect(said).toContain('3 points added, 3 in all, of 2 runs');
  expect(exitCode).toBe(0);
  const { run, results, problems } = await readRun(joined());
  expect(run).toMatchObject({ id: 'all', state: 'finished', points: 3, pointNames: ['p1', 'p2', 'p3'] });
  expect(run).toMatchObject({
    startedAt: '2026-11-01T09:00:00.000Z',
    finishedAt: '2026-11-01T12:00:00.000Z',
  });
  expect(results.map(({ name, state }) => [name, state])).toEqual([
    ['p1', 'completed'],
    ['p2', 'failed'],
    ['p3', 'completed'],
  ]);
  expect(problems).toEqual([]);
  const files = await filesIn(joined());
  expect(JSON.parse(files['results_bmk/agg_bmk.json'] ?? '')).toHaveLength(2);
  expect(Object.keys(files).filter((file) => /^parts\/.*journal\.ndjson$/.test(file))).toHaveLength(2);
  expect(await workspace.rows('run=all', '--columns', 'point', '--sort', 'point')).toEqual([
    { point: 'p1' },
    { point: 'p2' },
    { point: 'p3' },
  ]);
  expect(await filesIn(jobs)).toEqual(before);
});

it('gives the same bytes when it is run again, and grows with more jobs', async () => {
  await job('a', {
    id: 'r1',
    results: [completed('p1')],
    pointNames: ['p1', 'p2'],
    run: { state: 'running' },
  });
  const first = await workspace.run('collect', 'jobs');
  expect(first.exitCode).toBe(1);
  expect(first.said).toContain('it is partial: 1 of 2 points have no result; r1 had not ended');
  const [name = ''] = await readdir(workspace.resultsDir);
  expect((await readRun(joined(name))).run).toMatchObject({ state: 'interrupted', points: 2 });

  const before = await filesIn(joined(name));
  await workspace.run('collect', 'jobs');
  expect(await filesIn(joined(name))).toEqual(before);

  await job('b', { id: 'r2', results: [completed('p2')] });
  const second = await workspace.run('collect', 'jobs');
  expect(second.exitCode).toBe(0);
  expect((await readdir(workspace.resultsDir)).filter((one) => !one.startsWith('index'))).toEqual([name]);
  const { run, results } = await readRun(joined(name));
  expect(run).toMatchObject({ state: 'finished', points: 2 });
  expect(results.map((one) => one.name)).toEqual(['p1', 'p2']);
  // Whatever came first, what is joined at once is the same.
  await workspace.run('collect', 'jobs', '--out', 'at-once');
  const atOnce = await readFile(join(joined('at-once'), 'results.ndjson'), 'utf8');
  expect(await readFile(join(joined(name), 'results.ndjson'), 'utf8')).toBe(atOnce);
});

it('has points that a job skipped as soon as another has measured them, and is partial until then', async () => {
  await job('a', { id: 'r1', results: [completed('p1'), skipped('p2', { at: '11:00' }), rejected('p3')] });
  const first = await workspace.run('collect', 'jobs');
  expect(first.exitCode).toBe(1);
  expect(first.said).toContain('it is partial: 1 of 3 points have no result');

  await job('b', { id: 'r2', results: [completed('p2', { at: '10:00' })] });
  const second = await workspace.run('collect', 'jobs');
  expect([second.exitCode, second.said]).toEqual([0, expect.not.stringContaining('measured twice')]);
  const [name = ''] = await readdir(workspace.resultsDir);
  const { run, results } = await readRun(joined(name));
  expect(run.state).toBe('finished');
  expect(results.map(({ state }) => state)).toEqual(['completed', 'completed', 'rejected']);
});

it('has the entries of a changelog that the jobs were started for, if all are of the same commits', async () => {
  const entry = (key: string) => ({ 'config-keys': [key], description: ['d'], 'evals-only': false });
  const changelog = (headRef: string, ...keys: readonly string[]) => ({
    changelog: { baseRef: 'b1', headRef, entries: keys.map(entry) },
  });
  await job('a', { id: 'r1', results: [completed('p1')], run: changelog('h1', 'k1', 'k2') });
  await job('b', { id: 'r2', results: [completed('p2')], run: changelog('h1', 'k2', 'k3') });
  await job('c', { id: 'r3', results: [completed('p3')] });
  await workspace.run('collect', 'jobs', '--out', 'all');
  expect((await readRun(joined())).run).toMatchObject(changelog('h1', 'k1', 'k2', 'k3'));

  await job('d', { id: 'r4', results: [completed('p4')], run: changelog('h2', 'k1') });
  const { said } = await workspace.run('collect', 'jobs', '--out', 'all');
  expect(said).toContain('between different commits: the joined run names no entries of a changelog');
  expect((await readRun(joined())).run.changelog).toBeUndefined();
});

it.each([
  ['a completed result', completed('p', { at: '10:00' }), failed('p', { at: '11:00' })],
  ['the later of two', completed('p', { at: '11:00' }), completed('p', { at: '10:00' })],
  [
    'a valid result',
    completed('p', { at: '10:00' }),
    completed('p', { at: '11:00', marks: [{ code: 'slow-client', severity: 'invalid', message: 'm' }] }),
  ],
])('keeps %s of a point that was measured twice, and names the other', async (_, kept, other) => {
  for (const order of [
    [kept, other],
    [other, kept],
  ]) {
    for (const [index, one] of order.entries()) {
      await job(`j${index}`, { id: `r${index}`, results: [one] });
      await workspace.run('collect', 'jobs', '--out', 'all');
    }
    const { said } = await workspace.run('collect', 'jobs', '--out', 'all');
    expect(said.match(/p was measured twice/g)).toHaveLength(1);
    expect(said).toContain(`not that of ${jobs}`);
    const { results } = await readRun(joined());
    expect(results).toMatchObject([{ state: kept['state'], finishedAt: kept['finishedAt'] }]);
    await rm(joined(), { recursive: true });
    await rm(jobs, { recursive: true });
    await mkdir(jobs);
  }
});

it('leaves out what is damaged, names it and marks the run', async () => {
  const folder = await job('a', { id: 'r1', results: ['p1', 'p2', 'p3'].map((name) => completed(name)) });
  await truncate(join(folder, 'points/p1/result.json'), 200);
  const changed = join(folder, 'points/p2/result.json');
  await writeFile(changed, (await readFile(changed, 'utf8')).replace('400.5', '900.5'));
  await appendFile(join(folder, 'results.ndjson'), '{"v":1,"fol\n');

  const { exitCode, said } = await workspace.run('collect', 'jobs', '--out', 'all');
  expect(exitCode).toBe(1);
  expect(said).toMatch(/it is not JSON .*points\/p1\/result\.json/);
  expect(said).toMatch(/the journal has another checksum \(.*points\/p2\)/);
  expect(said).toMatch(/a line is damaged \(.*results\.ndjson:4\)/);
  const { run, results } = await readRun(joined());
  expect(run).toMatchObject({ state: 'interrupted', points: 3 });
  expect(run.reason).toContain('2 of 3 points have no result; r1 has damaged points or lines');
  expect(results.map(({ name }) => name)).toEqual(['p3']);
});

it('takes a point from another job where the first has it damaged', async () => {
  const folder = await job('a', { id: 'r1', results: [completed('p1')] });
  await truncate(join(folder, 'points/p1/result.json'), 200);
  await job('b', { id: 'r2', results: [completed('p1')] });

  expect((await workspace.run('collect', 'jobs', '--out', 'all')).exitCode).toBe(0);
  expect((await readRun(joined())).run).toMatchObject({ state: 'finished', points: 1 });
});

it('names what is no run, and follows no links', async () => {
  await job('a', { id: 'r1', results: [completed('p1')] });
  const outside = await writeRun(join(workspace.root, 'outside'), { id: 'r2', results: [completed('p2')] });
  await symlink(outside, join(jobs, 'link'));
  await writeFile(join(workspace.root, 'secret'), 'SECRET');
  await symlink(join(workspace.root, 'secret'), join(jobs, 'a/results/r1/points/p1/records.jsonl'));
  await workspace.write('jobs/bmk_x/agg_x.json', {});
  await workspace.write('jobs/logs/output.txt', 'x');
  await workspace.write('jobs/torn/results.ndjson', '');
  await workspace.write('jobs/newer/run.json', { schema: 'sweepline.run/9' });

  const { exitCode, said } = await workspace.run('collect', 'jobs', '--out', 'all');
  expect(exitCode).toBe(1);
  expect(said).toContain("jobs/bmk_x: an artifact of InferenceX's: add it with sweepline import");
  expect(said).toContain('jobs/logs: it is no run');
  expect(said).toContain('jobs/link: a link, which is not followed');
  expect(said).toContain('jobs/torn: a run without run.json');
  expect(said).toContain('a newer Sweepline wrote it');
  expect((await readRun(joined())).results.map(({ name }) => name)).toEqual(['p1']);
  expect(JSON.stringify(await filesIn(joined()))).not.toContain('SECRET');
});

it('lets no name in a file lead out of the folder', async () => {
  const folder = await writeRun(join(jobs, 'a'), { id: '../../../evil', results: [completed('p1')] });
  const files = { logs: [{ role: 'server', replica: 0, rank: 0, file: '../../../../../secret' }] };
  const hostile = completed('p2', { files });
  await writeFile(join(workspace.root, 'secret'), 'SECRET');
  await workspace.write(relative(workspace.root, join(folder, 'points/p2/result.json')), hostile);
  await workspace.write(
    relative(workspace.root, join(folder, 'points/p3/result.json')),
    completed('../../../p3'),
  );

  const { said } = await workspace.run('collect', 'jobs', '--out', 'all');
  expect(said).toContain('its result is that of another point, ../../../p3');
  expect((await readdir(workspace.root)).sort()).toEqual(['jobs', 'results', 'secret']);
  expect(JSON.stringify(await filesIn(joined()))).not.toContain('SECRET');
});

it('leaves alone what it did not make', async () => {
  const own = await writeRun(join(workspace.resultsDir, 'mine'), { id: 'mine', results: [completed('p9')] });
  await job('a', { id: 'r1', results: [completed('p1')] });
  const before = await filesIn(own);

  const taken = await workspace.run('collect', 'jobs', '--out', 'mine');
  expect(taken).toMatchObject({
    exitCode: 99,
    said: expect.stringContaining('mine is not a joined run') as string,
  });
  expect(await filesIn(own)).toEqual(before);
  expect((await workspace.run('collect', 'jobs', '--out', '../x')).said).toContain('no name of a run');
  expect((await workspace.run('collect', 'nowhere')).said).toContain('RESULT_READ_FAILED');
  await mkdir(join(workspace.root, 'empty'));
  expect((await workspace.run('collect', 'empty')).said).toContain('sweepline import');
});

it('goes on with what an end in between has left', async () => {
  await job('a', { id: 'r1', results: [completed('p1'), completed('p2')] });
  await workspace.run('collect', 'jobs', '--out', 'all');
  const whole = await filesIn(joined());

  await rm(join(joined(), 'run.json'));
  await rm(join(joined(), 'results_bmk'), { recursive: true });
  await rm(join(joined(), 'points/p2'), { recursive: true });
  await cp(join(joined(), 'points/p1'), join(joined(), 'points/.running-p2'), { recursive: true });
  await truncate(join(joined(), 'points/.running-p2/result.json'), 100);
  await workspace.run('collect', 'jobs', '--out', 'all');
  expect(await filesIn(joined())).toEqual(whole);
});
