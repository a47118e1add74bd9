import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DISK } from '@sweepline/store/files';
import { expect, test } from 'vitest';
import { createHash as createPageHash } from '../app/platform/node-crypto.js';
import { droppedSite } from '../src/dropped/dropped-site.js';
import { readDropped } from '../src/dropped/read-dropped.js';
import type { PointDetail, SiteIndex } from '../src/site/site-data.js';
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
