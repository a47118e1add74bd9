import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { row } from './rows.js';
import { completed, failed, writeRun } from './runs.js';

let workspace: StoreWorkspace;
beforeEach(async () => void (workspace = await makeStoreWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const request = (index: number, more: object = {}) =>
  JSON.stringify({
    index,
    state: 'completed',
    scheduledMs: 1.5,
    requestedOutputTokens: 4,
    chunkUs: [1500, 0, 7],
    ...more,
  });
const RECORDS = [
  JSON.stringify({ schema: 'sweepline.records/1', spec: { index: 7 }, originUnixMs: 1 }),
  request(1, { sentMs: 2.25, outputTokens: 3, text: 'it\'s "new"\n' }),
  request(0, { state: 'failed', error: { code: 'http', message: '503' }, futureMember: [1] }),
  JSON.stringify({ window: { startMs: 0, endMs: 9 }, complete: true }),
];

async function makeRun(): Promise<string> {
  const folder = await writeRun(join(workspace.resultsDir, 'r'), {
    id: 'r',
    results: [completed('a'), completed('b', { concurrency: 8 }), failed('c')],
  });
  for (const point of ['a', 'b'])
    await writeFile(join(folder, 'points', point, 'records.jsonl'), `${RECORDS.join('\n')}\n`);
  await workspace.write('run_1/agg_bmk.json', [row()]);
  await workspace.run('import', 'run_1');
  return folder;
}

async function rowsIn(file: string): Promise<readonly object[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const read = await connection.runAndReadAll('FROM read_parquet($file)', { file });
  connection.closeSync();
  return read.getRowObjectsJson();
}

it('has a row for each request, in order, with what it lacks missing', async () => {
  await makeRun();
  const { exitCode, said } = await workspace.run('records', "it's.parquet");

  expect([exitCode, said]).toEqual([
    0,
    "warning: 1 points have no records\nit's.parquet: 4 requests of 2 points\n",
  ]);
  const file = join(workspace.root, "it's.parquet");
  const rows = await rowsIn(file);
  expect(rows.map((one) => ({ ...one }))).toMatchObject([
    {
      run: 'r',
      point: 'a',
      index: '0',
      state: 'failed',
      error: { code: 'http', message: '503' },
      sentMs: null,
    },
    {
      run: 'r',
      point: 'a',
      index: '1',
      sentMs: 2.25,
      outputTokens: 3,
      text: 'it\'s "new"\n',
      chunkUs: ['1500', '0', '7'],
    },
    { point: 'b', index: '0' },
    { point: 'b', index: '1' },
  ]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('has those of the results that are meant', async () => {
  await makeRun();
  await workspace.run('records', 'b.parquet', 'conc=8');

  expect(await rowsIn(join(workspace.root, 'b.parquet'))).toHaveLength(2);
  expect(await workspace.run('records', 'none.parquet', 'origin=inferencex')).toMatchObject({ exitCode: 99 });
  expect((await workspace.run('records', 'none.parquet', 'run=nope')).said).toMatch(
    /no result that is meant has records/,
  );
});

it('leaves what was there where records are damaged', async () => {
  const folder = await makeRun();
  await workspace.write('old.parquet', 'old');
  await writeFile(join(folder, 'points', 'a', 'records.jsonl'), `${RECORDS[0]}\n{"index":1,"sta`);
  const { said } = await workspace.run('records', 'old.parquet');

  expect(said).toMatch(/^RESULT_WRITE_FAILED: .*records\.jsonl/s);
  expect(await readFile(join(workspace.root, 'old.parquet'), 'utf8')).toBe('old');
  expect((await readdir(workspace.root)).filter((name) => name.includes('tmp'))).toEqual([]);
});
