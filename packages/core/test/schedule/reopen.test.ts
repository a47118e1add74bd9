import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readResultLines, readRun } from '../../src/index.js';
import { beginRun, reopenRun } from '../../src/schedule/open-run.js';
import { createMask } from '../../src/secrets.js';
import { completed, run, skipped } from '../report/results.js';

let folder: string;
let lines: string;
let file: string;
beforeEach(async () => {
  const results = await mkdtemp(join(tmpdir(), 'sweepline-reopen-'));
  await using begun = await beginRun(join(results, 'run'));
  folder = begun.store.folder;
  lines = join(folder, 'results.ndjson');
  file = join(folder, 'points', 'a', 'result.json');
  await begun.store.saveRun(run);
  for (const name of ['a', 'b']) {
    await begun.store.openPoint(name);
    const files = { json: {}, serverLogs: [], mask: createMask([]) };
    await begun.store.savePoint({ ...completed(), name, concurrency: 4 }, files);
  }
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

async function concurrencies() {
  await using again = await reopenRun(folder, {}, () => Promise.resolve());
  expect(again.ends.map(({ name }) => name)).toEqual((await readRun(folder)).results.map(({ name }) => name));
  const { lines: read } = await readResultLines(folder);
  return read.map(({ result: { name, concurrency } }) => `${name} ${concurrency}`);
}

const change = async (path: string, from: string, to: string) =>
  writeFile(path, (await readFile(path, 'utf8')).replace(from, to));

it('results that are as they were saved are taken from their lines, which stay as they are', async () => {
  const before = await stat(lines);
  expect(await concurrencies()).toEqual(['a 4', 'b 4']);
  expect((await stat(lines)).ino).toBe(before.ino);
});

it('a line that is not as it was written counts for nothing, though it may be read', async () => {
  await change(lines, '"concurrency":4', '"concurrency":8');
  expect(await concurrencies()).toEqual(['a 4', 'b 4']);
  expect(await readFile(lines, 'utf8')).not.toContain('"concurrency":8');
});

it('a result that has another size than its line knows of is read', async () => {
  await change(file, '"concurrency": 4', '"concurrency": 16');
  expect(await concurrencies()).toEqual(['a 16', 'b 4']);
});

it('a result whose line is missing, or which a journal of before does not seal, is read', async () => {
  await writeFile(lines, (await readFile(lines, 'utf8')).split('\n').slice(1).join('\n'));
  expect(await concurrencies()).toEqual(['a 4', 'b 4']);
  await rm(join(folder, 'journal.ndjson'));
  expect(await concurrencies()).toEqual(['a 4', 'b 4']);
});

it('a result whose folder is gone has no line any more', async () => {
  await rm(join(folder, 'points', 'a'), { recursive: true });
  expect(await concurrencies()).toEqual(['b 4']);
  expect((await readFile(lines, 'utf8')).trim().split('\n')).toHaveLength(1);
});

it('points that were skipped have a line each, and no result once the run is resumed', async () => {
  const states = async () =>
    (await readResultLines(folder)).lines.map(({ result: { name, state } }) => `${name} ${state}`);
  {
    await using again = await reopenRun(folder, {}, () => Promise.resolve());
    const given = ['a', 'c', 'd'].map((name) => skipped({ name }));
    expect((await again.store.saveSkipped(given)).map(({ name }) => name)).toEqual(['c', 'd']);
    expect(await states()).toEqual(['a completed', 'b completed', 'c skipped', 'd skipped']);
    expect((await readFile(lines, 'utf8')).trim().split('\n')).toHaveLength(4);
  }
  await using again = await reopenRun(folder, {}, () => Promise.resolve());
  expect(again.ends.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(await states()).toEqual(['a completed', 'b completed']);
  expect((await readFile(lines, 'utf8')).trim().split('\n')).toHaveLength(2);
});
