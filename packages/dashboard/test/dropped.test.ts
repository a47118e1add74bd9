import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DISK } from '@sweepline/store/files';
import { expect, test } from 'vitest';
import { createHash as createPageHash } from '../app/platform/node-crypto.js';
import { droppedSite } from '../src/dropped/dropped-site.js';
import { GivenFiles } from '../src/dropped/given-files.js';
import { joinedSite } from '../src/dropped/joined-site.js';
import { readDropped } from '../src/dropped/read-dropped.js';
import type { PointDetail, SiteIndex } from '../src/site/site-data.js';
import { cellOf, columnOf, type ColumnData } from '../src/site/table.js';
import { makeSiteWorkspace, type TestResult } from './built-site.js';

const result = (name: string, at: number, more: object = {}): TestResult => ({
  ...{ schema: 'sweepline.result/2', name, state: 'completed', concurrency: 2 ** at, marks: [] },
  ...{ startedAt: `2026-11-0${at}T10:00:00.000Z`, finishedAt: `2026-11-0${at}T10:01:00.000Z` },
  job: { ...{ model: 'm', runner: 'b200', tp: 8, ep: 1, isl: 1024, osl: 1024 }, framework: 'sglang' },
  ...{ metrics: { median_ttft_ms: 500 + at, TP: 3 }, row: { hw: 'b200', tput_per_gpu: 400.5 + at } },
  ...{ intervals: { tput_per_gpu: { low: 1, high: 2, covers: 'within' } } },
  ...{ provenance: { sweepline: '1.0.0', hardware: { sku: 'b200' } }, ...more },
});

test('dropped files have the points, numbers and details that a built site has of them', async () => {
  await using workspace = await makeSiteWorkspace();
  const marks = [
    { code: 'z', severity: 'note', message: 'last' },
    { code: 'a', severity: 'note', message: 'first' },
  ];
  await workspace.writeRun('one', [result('late', 5, { marks }), result('early', 2), result('again', 5)]);
  await workspace.writeRun('two', [
    result('other', 3, { state: 'failed', error: { code: 'X', message: 'm' } }),
  ]);
  expect(await workspace.run('build', 'site')).toMatchObject({ exitCode: 0 });
  const built = async (name: string): Promise<unknown> =>
    JSON.parse(await workspace.read(`site/data/${name}.json`));

  const dropped = await readDropped(DISK, join(workspace.root, 'results'), new Set());
  expect(dropped).toMatchObject({
    runs: [
      { run: 'one', points: 3 },
      { run: 'two', points: 1 },
    ],
    problems: [{ file: 'index.duckdb', reason: 'not a .json file' }],
  });
  const site = await droppedSite(
    dropped.runs.flatMap(({ rows }) => rows),
    DISK,
  );

  const index = (await built('index')) as SiteIndex;
  expect(site.points).toEqual(await built('points'));
  expect(site.index.metrics).toEqual(index.metrics);
  expect(site.index.runs).toEqual(index.runs);
  for (const name of [...index.metrics.map(({ file }) => file), ...index.files])
    expect(await site.load(name), name).toEqual(await built(name));
  expect(await site.load('details/0')).toEqual((await built('details/0')) as readonly PointDetail[]);
});

test.each([0, 1, 55, 56, 63, 64, 65, 1000])(
  'pages make the digests that Node makes, of %i bytes',
  (length) => {
    const text = 'ä0{"'.repeat(length).slice(0, length);
    const digest = createHash('sha256').update(text).digest('hex');
    expect(createPageHash('sha256').update(text).digest('hex')).toBe(digest);
  },
);

test('joined with a site they are what one site of both is: rows in the order of time, numbers, details and intervals with them', async () => {
  await using workspace = await makeSiteWorkspace();
  const run = (from: number): readonly TestResult[] => [result('x', from), result('y', from + 2)];
  await workspace.writeRun('site', run(2));
  await workspace.writeRun('mine', run(1));
  const rowsOf = async (...runs: readonly string[]) => {
    const { runs: found } = await readDropped(DISK, join(workspace.root, 'results'), new Set());
    return found.filter(({ run: name }) => runs.includes(name)).flatMap(({ rows }) => rows);
  };
  const siteOf = async (...runs: readonly string[]) => droppedSite(await rowsOf(...runs), DISK);
  const joined = await joinedSite(await siteOf('site'), await siteOf('mine'));
  const whole = await siteOf('site', 'mine');

  const { is_dropped: isDropped, ...columns } = joined.points.columns;
  expect(isDropped).toEqual({ type: 'flag', values: [true, false, true, false] });
  const cells = (table: Readonly<Record<string, ColumnData>>): unknown =>
    Object.entries(table).map(([name, column]) => [name, [0, 1, 2, 3].map((row) => cellOf(column, row))]);
  expect(cells(columns)).toEqual(cells(whole.points.columns));
  for (const { key, file } of whole.index.metrics) {
    const own = joined.index.metrics.find((metric) => metric.key === key);
    expect(await joined.load(own?.file ?? ''), key).toEqual(await whole.load(file));
  }
  expect(await joined.load('details/0')).toEqual(await whole.load('details/0'));
});

test('a dropped artifact that the site has is a copy, and one with other numbers is not', async () => {
  await using workspace = await makeSiteWorkspace();
  const row = { ...{ hw: 'h200', conc: 4, isl: 1024, osl: 1024, tp: 8, framework: 'vllm' }, tput_per_gpu: 9 };
  await workspace.write('a/agg_bmk.json', [row, { ...row, conc: 8 }]);
  await workspace.write('b/agg_bmk.json', [row, { ...row, tput_per_gpu: 9.5 }]);
  const siteOf = async (folder: string) => {
    const { runs } = await readDropped(DISK, join(workspace.root, folder), new Set());
    return droppedSite(
      runs.flatMap(({ rows }) => rows),
      DISK,
    );
  };
  const { points } = await joinedSite(await siteOf('a'), await siteOf('b'));
  expect(columnOf(points, 'is_duplicate')).toEqual({ type: 'flag', values: [false, false, true, false] });
});

test.each([
  ['null', 'null'],
  ['numbers for everything', JSON.stringify({ v: 1, folder: 3, result: 4 })],
  ['no object', JSON.stringify({ v: 1, folder: 'points/a', result: [1] })],
  ['a name that is no text', '{"v":1,"folder":"points/a","result":{"name":7}}'],
  [
    'a prototype',
    '{"v":1,"folder":"points/__proto__","result":{"name":"__proto__","state":"completed","row":{"__proto__":1,"constructor":2,"run":3}}}',
  ],
])('lines of %s cost themselves alone', async (_, line) => {
  const good = (name: string): string =>
    JSON.stringify({ v: 1, folder: `points/${name}`, result: result(name, 2) });
  const tree = new GivenFiles();
  const content = new Blob([[good('one'), line, '{"torn', good('two')].join('\n')]);
  const folder = tree.addDrop([{ path: 'results.ndjson', content }]);
  const { runs } = await readDropped(tree, folder, new Set());
  const site = await droppedSite(
    runs.flatMap(({ rows }) => rows),
    tree,
  );
  const names = Array.from({ length: site.points.rows }, (__, row) =>
    cellOf(columnOf(site.points, 'point'), row),
  );
  expect(names.filter((name) => name !== '__proto__')).toEqual(['one', 'two']);
  expect(await site.load('details/0')).toHaveLength(site.points.rows);
  expect(({} as { readonly constructor: unknown }).constructor).toBe(Object);
});
