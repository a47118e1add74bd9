import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalExecutor } from '@sweepline/core/launch';
import { newToken } from '@sweepline/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdFolders, temporaryFolders } from '../src/around.js';

const never = new AbortController().signal;
let base = '';
beforeAll(async () => void (base = await mkdtemp(join(tmpdir(), 'sweepline-around-'))));
afterAll(() => rm(base, { recursive: true }));

const folders = () => temporaryFolders([`${base}/x-{job-id}/a b`, `${base}/x-{job-id}/c`], '7');

it('makes folders for a job, once where nodes share them, and removes them with what is in them', async () => {
  const token = newToken();
  const [first, second] = [createLocalExecutor(), createLocalExecutor()];
  const ends = [
    await holdFolders(folders(), token, first, never),
    await holdFolders(folders(), token, second, never),
  ];
  await writeFile(join(base, 'x-7', 'a b', 'file'), '');
  expect(await readdir(join(base, 'x-7'))).toEqual(expect.arrayContaining(['a b', 'c']));

  for (const end of ends.reverse()) await end();

  expect(await readdir(base)).toEqual([]);
});

it('leaves a folder alone that was there before', async () => {
  await mkdir(join(base, 'x-7', 'theirs'), { recursive: true });

  await expect(holdFolders(folders(), newToken(), createLocalExecutor(), never)).rejects.toMatchObject({
    code: 'NODE_UNFIT',
    message: expect.stringContaining(`${base}/x-7`) as string,
  });

  expect(await readdir(join(base, 'x-7'))).toEqual(['theirs']);
});
