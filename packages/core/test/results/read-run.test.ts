import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { execa } from 'execa';
import { presenceOf, thisProcess } from '../../src/results/owner.js';
import { readRun } from '../../src/results/read-run.js';
import { openRunStore, type RunStore } from '../../src/results/store.js';
import { createMask } from '../../src/secrets.js';
import { completed, run } from '../report/results.js';

let folder: string;
let store: RunStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-read-run-'));
  store = await openRunStore(join(folder, '1'));
  await store.saveRun(run);
  const result = completed();
  await store.openPoint(result.name);
  await store.savePoint(result, { json: {}, serverLogs: [], mask: createMask([]) });
});
afterEach(() => rm(folder, { recursive: true }));

const NAME = completed().name;

it('names what is damaged or strange among the points, and reads the others', async () => {
  const points = join(store.folder, 'points');
  await mkdir(join(points, 'empty'));
  await mkdir(join(points, 'torn'));
  await mkdir(join(points, 'other'));
  await writeFile(join(points, 'README'), 'hello');
  await writeFile(join(points, 'torn', 'result.json'), '{"schema": "sweepl');
  await writeFile(join(points, 'other', 'result.json'), '{"schema": "other"}');
  await cp(join(points, NAME), join(points, `${NAME}~`), { recursive: true });

  await store.saveRun({ ...run, pointNames: [NAME, 'torn', 'never'] });

  const { results, problems, begun } = await readRun(store.folder);

  expect(results.map(({ name }) => name)).toEqual([NAME]);
  expect(begun).toEqual(['torn']);
  expect(problems.map(({ where, message }) => [where.file?.slice(points.length + 1), message])).toEqual([
    ['README/result.json', "can't read it: a part of its path is not a folder"],
    ['empty/result.json', "can't read it: there is no such file"],
    ['other/result.json', expect.stringMatching(/^can't read it: it has a wrong format \(/)],
    ['torn/result.json', expect.stringMatching(/^can't read it: it is not JSON \(/)],
    [`${NAME}~`, `a copy of the result of ${NAME}, which is in ${NAME}`],
  ]);
});

it('reads a run whose points are gone', async () => {
  await rm(join(store.folder, 'points'), { recursive: true });

  expect(await readRun(store.folder)).toMatchObject({
    results: [],
    problems: [{ code: 'RESULT_READ_FAILED' }],
  });
});

it('says which points were begun, and what became of their process', async () => {
  await store.openPoint('second');
  const ended = execa(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { reject: false });
  const owner = { ...(await thisProcess()), pid: ended.pid! };
  ended.kill('SIGKILL');
  await ended;
  await store.saveRun({ ...run, state: 'running', process: await thisProcess() });
  expect(await readRun(store.folder)).toMatchObject({ begun: ['second'], presence: 'here' });

  await store.saveRun({ ...run, state: 'running', process: owner });
  expect((await readRun(store.folder)).presence).toBe('gone');
});

it('takes a process that got an old number for another one', async () => {
  const self = await thisProcess();

  expect(await presenceOf(self)).toBe('here');
  expect(await presenceOf({ ...self, start: '1' })).toBe('gone');
  expect(await presenceOf({ ...self, kernel: 'another boot', machine: 'another' })).toBe('unknown');
  expect(await presenceOf({ ...self, host: 'elsewhere' })).toBe('unknown');
});
