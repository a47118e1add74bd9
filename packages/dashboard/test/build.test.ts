import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { SITE_FILES } from '../src/build/site-schemas.js';
import {
  CHANGELOG_COLUMNS,
  type MetricColumn,
  type PointDetail,
  type SiteIndex,
  type SiteNoise,
} from '../src/site/site-data.js';
import { cellOf, columnOf, type TableData } from '../src/site/table.js';
import { makeSiteWorkspace, type SiteWorkspace, type TestResult } from './built-site.js';

const HOSTILE = `</script><script>alert(1)</script><!-- \u2028 "' =cmd|1`;
const BUILT_AT = ['--built-at', '2026-12-01T00:00:00Z'];

function completed(name: string, more: object = {}): TestResult {
  const job = { model: 'm', runner: 'b200', tp: 8, ep: 1, isl: 1024, osl: 1024, framework: 'sglang' };
  return {
    ...{ schema: 'sweepline.result/2', name, state: 'completed', concurrency: 4, marks: [], job },
    ...{ startedAt: '2026-11-01T10:00:00.000Z', finishedAt: '2026-11-01T10:01:00.000Z' },
    ...{ metrics: { median_ttft_ms: 500 }, row: { hw: 'b200', tput_per_gpu: 400.5 } },
    ...{ provenance: { sweepline: '1.0.0', hardware: { sku: 'b200' } }, ...more },
  };
}

function failed(name: string, more: object = {}): TestResult {
  const error = { code: 'SERVER_DIED', message: HOSTILE, layer: 'server-death', logTail: HOSTILE };
  const noNumbers = { metrics: undefined, row: undefined };
  return { ...completed(name), ...noNumbers, state: 'failed', error: { ...error, hint: 'h' }, ...more };
}

async function madeSite(): Promise<SiteWorkspace> {
  const workspace = await makeSiteWorkspace();
  const marks = [{ code: HOSTILE, severity: 'note', message: HOSTILE }];
  const job = { model: HOSTILE, image: HOSTILE, framework: HOSTILE, runner: 'b200', tp: 8, ep: 1 };
  await workspace.writeRun('one', [completed('a'), completed('b', { job, marks }), failed('c')]);
  return workspace;
}

const json = async <T>(workspace: SiteWorkspace, name: string): Promise<T> =>
  JSON.parse(await workspace.read(`site/data/${name}.json`)) as T;

test('a site has each point with its numbers, in files that fit the schema', async () => {
  await using workspace = await madeSite();
  expect(await workspace.run('build', 'site')).toMatchObject({ exitCode: 0 });

  const index = await json<SiteIndex>(workspace, 'index');
  SITE_FILES.index.schema.parse(index);
  const points = await json<TableData>(workspace, 'points');
  SITE_FILES.points.schema.parse(points);
  expect([0, 1, 2].map((row) => cellOf(columnOf(points, 'point'), row))).toEqual(['a', 'b', 'c']);
  expect(cellOf(columnOf(points, 'devices'), 0)).toBe(8);
  expect(cellOf(columnOf(points, 'marks'), 1)).toEqual([HOSTILE]);
  const metric = index.metrics.find(({ key }) => key === 'tput_per_gpu');
  expect(metric).toMatchObject({ unit: 'tok/s/GPU', better: 'higher' });
  const column = await json<MetricColumn>(workspace, metric?.file ?? '');
  SITE_FILES['metrics/KEY'].schema.parse(column);
  expect(column.values).toEqual([400.5, 400.5, null]);
  const details = await json<readonly PointDetail[]>(workspace, 'details/0');
  SITE_FILES['details/N'].schema.parse(details);
  expect(details[2]?.error).toMatchObject({ code: 'SERVER_DIED', logTail: HOSTILE, hint: 'h' });
  expect(details[0]).toMatchObject({ reproduce: ['npx', 'sweepline', 'sweep', '--matrix', 'job.json'] });
});

test('a site has the noise that was learnt, the recipe of each point, and the changelog of its runs', async () => {
  await using workspace = await makeSiteWorkspace();
  const repeat = (run: number) =>
    completed('a', {
      startedAt: `2026-11-0${run}T10:00:00.000Z`,
      row: { hw: 'b200', tput_per_gpu: 400 + (run % 3) },
    });
  for (let run = 1; run <= 9; run += 1)
    await workspace.writeRun(`r${run}`, [
      repeat(run),
      completed('b', { job: { model: 'm', image: `${run}` } }),
    ]);
  const runFile = JSON.parse(await workspace.read('results/r2/run.json')) as object;
  const entry = { 'config-keys': ['k1', 'k2'], description: [HOSTILE], 'pr-link': 'https://x.test/1' };
  const changelog = { baseRef: 'aaa', headRef: 'bbb', entries: [entry] };
  await workspace.write('results/r2/run.json', { ...runFile, changelog });
  await workspace.run('build', 'site');

  const noise = await json<SiteNoise>(workspace, 'noise');
  SITE_FILES.noise.schema.parse(noise);
  const throughput = noise.metrics.find(({ key }) => key === 'tput_per_gpu');
  expect(throughput).toMatchObject({ better: 'higher', effect: 0.05, points: { repeats: 8 } });
  expect(Object.keys(throughput?.points?.cells ?? {})).toEqual(['b200 sglang']);

  const points = await json<TableData>(workspace, 'points');
  const recipes = new Set(
    Array.from({ length: points.rows }, (_, row) => [
      cellOf(columnOf(points, 'point'), row),
      cellOf(columnOf(points, 'recipe'), row),
    ]).map((pair) => JSON.stringify(pair)),
  );
  // Images are no part of a recipe.
  expect(recipes.size).toBe(2);

  const entries = await json<TableData>(workspace, 'changelog');
  SITE_FILES.changelog.schema.parse(entries);
  expect(CHANGELOG_COLUMNS.map((name) => cellOf(columnOf(entries, name), 0))).toEqual([
    ...['r2', undefined, 'bbb', 'k1 k2', HOSTILE, 'https://x.test/1'],
  ]);
  const { files } = await json<SiteIndex>(workspace, 'index');
  expect(files).toEqual(expect.arrayContaining(['noise', 'changelog']));

  // Hardware and frameworks of points that are not in the site are not named.
  await workspace.run('build', 'site', 'point=b');
  const less = await json<SiteNoise>(workspace, 'noise');
  expect(less.metrics[0]?.points).toMatchObject({ repeats: 8, cells: {} });
});

test('scripts of data give the same as the JSON, and nothing in a text ends them', async () => {
  await using workspace = await madeSite();
  await workspace.run('build', 'site');
  for (const name of ['index', 'points', 'details/0']) {
    const script = await workspace.read(`site/data/${name}.js`);
    expect(script).not.toMatch(/[<>\u2028\u2029]/);
    const got: unknown[] = [];
    runInNewContext(script, { sweeplineData: (...given: unknown[]) => got.push(...given) });
    expect(got).toEqual([name, await workspace.read(`site/data/${name}.json`)]);
  }
});

test('the same results, title and time give the same bytes', async () => {
  await using workspace = await madeSite();
  await workspace.run('build', 'site', ...BUILT_AT);
  await workspace.run('build', 'other', ...BUILT_AT);
  const names = await readdir(join(workspace.root, 'site'), { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile());
  expect(files.length).toBeGreaterThan(10);
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name).slice(join(workspace.root, 'site').length);
    expect(await workspace.read(`other${path}`)).toBe(await workspace.read(`site${path}`));
  }
});

test('a site is replaced; another folder is left as it is, and so is a site without results', async () => {
  await using workspace = await madeSite();
  await workspace.write('mine/data/index.json', { schema: 'mine' });
  const refused = await workspace.run('build', 'mine');
  expect(refused.said).toMatch(/USAGE: .*mine is no site/);
  expect(await readdir(join(workspace.root, 'mine'))).toEqual(['data']);

  await workspace.run('build', 'site');
  expect(await workspace.run('build', 'site', 'point=a')).toMatchObject({ exitCode: 0 });
  expect((await json<SiteIndex>(workspace, 'index')).points).toBe(1);
  expect((await workspace.run('build', 'site', 'point=none')).said).toMatch(/no result is chosen/);
  expect((await json<SiteIndex>(workspace, 'index')).points).toBe(1);
  expect((await readdir(workspace.root)).sort()).toEqual(['mine', 'results', 'site']);
});

test('secrets of the environment and files outside of a point are in no file', async () => {
  await using workspace = await makeSiteWorkspace();
  process.env['C_TEST_TOKEN'] = 'a-secret-of-mine';
  try {
    await workspace.write('private.log', 'private words');
    const logs = [{ role: 'server', replica: 0, rank: 0, file: '../../../../private.log' }];
    await workspace.writeRun('one', [
      failed('a', { files: { logs }, error: { code: 'X', message: 'a-secret-of-mine' } }),
    ]);
    await workspace.run('build', 'site');
    for (const name of ['points.json', 'points.csv', 'details/0.json', 'details/0.js'])
      expect(await workspace.read(`site/data/${name}`)).not.toMatch(/a-secret-of-mine|private words/);
    expect(await workspace.read('site/data/details/0.json')).toContain('***');
  } finally {
    delete process.env['C_TEST_TOKEN'];
  }
});

test('one page has all in it; no text of a stranger ends a script of it', async () => {
  await using workspace = await madeSite();
  expect(await workspace.run('build', 'one.html', '--single')).toMatchObject({ exitCode: 0 });
  const page = await workspace.read('one.html');
  expect(page).not.toContain('alert(1)</script>');
  expect(page).toMatch(/script-src 'sha256-[^']+'/);
  const points = /data-name="points">(.*?)<\/script>/.exec(page)?.[1] ?? '';
  expect((JSON.parse(points) as TableData).rows).toBe(3);
  await workspace.write('other.html', '<p>mine</p>');
  expect((await workspace.run('build', 'other.html', '--single')).said).toMatch(/USAGE/);
  expect(await workspace.read('other.html')).toBe('<p>mine</p>');
});
