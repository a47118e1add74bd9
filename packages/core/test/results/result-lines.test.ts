import {
  appendFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readResultLines, rebuildResultLines, type ResultLine } from '../../src/index.js';
import { openRunStore, type RunStore } from '../../src/results/store.js';
import { createMask } from '../../src/secrets.js';
import { completed, failure, run } from '../report/results.js';

const VERSION_1 = join(import.meta.dirname, '../fixtures/run-v1');

let folder: string;
let store: RunStore;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-lines-'));
  store = await openRunStore(join(folder, 'run'));
  file = join(store.folder, 'results.ndjson');
  await store.saveRun(run);
});
afterEach(() => rm(folder, { recursive: true }));

async function save(name: string, minute: number): Promise<void> {
  const finishedAt = `2026-02-03T05:0${minute}:00Z`;
  const result = name === 'bad' ? failure({ code: 'SERVER_DIED', message: 'it ended' }) : completed();
  await store.openPoint(name);
  const files = { json: { 'plan.json': {} }, serverLogs: [], mask: createMask([]) };
  await store.savePoint({ ...result, name, finishedAt }, files);
}

const foldersOf = (lines: readonly ResultLine[]) => lines.map((line) => line.folder);
const readText = () => readFile(file, 'utf8');

it('has a line per point as soon as it has ended: its folder, and what its result.json says', async () => {
  await save('b', 1);
  expect((await readText()).split('\n')).toHaveLength(2);
  await save('bad', 2);
  await save('a', 3);

  const lines = (await readText()).trimEnd().split('\n');
  for (const [index, name] of ['b', 'bad', 'a'].entries()) {
    const result = JSON.parse(
      await readFile(join(store.folder, 'points', name, 'result.json'), 'utf8'),
    ) as unknown;
    expect(JSON.parse(lines[index]!)).toEqual({ v: 1, folder: `points/${name}`, result });
  }
  const { lines: read, problems } = await readResultLines(store.folder);
  expect(foldersOf(read)).toEqual(['points/b', 'points/bad', 'points/a']);
  expect(read[1]?.result).toMatchObject({ state: 'failed', error: { code: 'SERVER_DIED' } });
  expect(problems).toEqual([]);
});

it('is read without the folders of points that it has whole', async () => {
  await save('a', 1);
  await rm(join(store.folder, 'points', 'a', 'result.json'));

  expect(await readResultLines(store.folder)).toMatchObject({
    lines: [{ folder: 'points/a' }],
    problems: [],
  });
});

it('is made up from the points where it is missing, torn or damaged', async () => {
  for (const [name, minute] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    await save(name, minute);
  const [whole, text] = [await readResultLines(store.folder), await readText()];
  expect(foldersOf(whole.lines)).toEqual(['points/a', 'points/b', 'points/c']);

  await truncate(file, text.length - 40);
  expect(await readResultLines(store.folder)).toEqual(whole);
  await writeFile(file, text.replace('"v":1', '"v":').replace('points/c', 'points/elsewhere'));
  expect(await readResultLines(store.folder)).toEqual(whole);
  await writeFile(
    file,
    text.replace('"name":"b"', '"name":"a"').replace('"folder":"points/c"', '"folder":"points/a"'),
  );
  expect(await readResultLines(store.folder)).toEqual(whole);
  await writeFile(file, '\0\0\n[]\nnull\n');
  expect(await readResultLines(store.folder)).toEqual(whole);
  await rm(file);
  expect(await readResultLines(store.folder)).toEqual(whole);
  await expect(readText()).rejects.toThrow('ENOENT');

  expect(await rebuildResultLines(store.folder)).toEqual(whole);
  expect(await readText()).toBe(text);
});

it('goes on after a torn line', async () => {
  await save('a', 1);
  await appendFile(file, '{"v":1,"folder":"points/x","res');
  await save('b', 2);

  expect((await readText()).split('\n').map((line) => line.slice(0, 28))).toEqual([
    '{"v":1,"folder":"points/a","',
    '{"v":1,"folder":"points/x","',
    '{"v":1,"folder":"points/b","',
    '',
  ]);
  await rm(join(store.folder, 'points', 'b', 'result.json'));
  expect(foldersOf((await readResultLines(store.folder)).lines)).toEqual(['points/a', 'points/b']);
});

it.skipIf(process.platform !== 'linux')('costs no point where the disk is full', async () => {
  await symlink('/dev/full', file);
  await expect(save('a', 1)).rejects.toMatchObject({
    code: 'RESULT_WRITE_FAILED',
    hint: expect.stringMatching(/^The disk is full/) as string,
  });
  await rm(file);

  expect(foldersOf((await readResultLines(store.folder)).lines)).toEqual(['points/a']);
});

it('has no point twice, none that is gone, none that runs, and says which can not be read', async () => {
  for (const [name, minute] of [
    ['a', 1],
    ['gone', 2],
    ['torn', 3],
  ] as const)
    await save(name, minute);
  const points = join(store.folder, 'points');
  await cp(join(points, 'a'), join(points, 'a copy'), { recursive: true });
  await rm(join(points, 'gone'), { recursive: true });
  await store.openPoint('running');
  await rm(file);
  await writeFile(join(points, 'torn', 'result.json'), '{"schema":');

  const read = await readResultLines(store.folder);

  expect(foldersOf(read.lines)).toEqual(['points/a']);
  expect(read.problems.map(({ where }) => where.file?.slice(points.length + 1))).toEqual([
    'torn/result.json',
    'a copy',
  ]);
  expect(await rebuildResultLines(store.folder)).toEqual(read);
  expect((await readText()).trimEnd().split('\n')).toHaveLength(1);
});

it('is made for runs of version 1, too', async () => {
  const old = join(folder, 'old');
  await cp(VERSION_1, old, { recursive: true });

  const { lines } = await rebuildResultLines(old);

  const names = (await readdir(join(old, 'points'))).map((name) => `points/${name}`);
  expect(foldersOf(lines).toSorted()).toEqual(names.sort());
  const written = (await readFile(join(old, 'results.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(written.map((line) => (JSON.parse(line) as ResultLine).result.schema)).toEqual(
    Array(3).fill('sweepline.result/1'),
  );
});
