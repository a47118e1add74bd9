import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from '../src/make-folder.js';
import { checkWritable } from '../src/results/store.js';

let root = '';
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'sweepline-test-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

it('makes a folder with those above it, and takes one that is there, also through a link', async () => {
  const deep = join(root, 'a', 'b', 'c');
  await makeFolder(deep);
  await makeFolder(deep);
  await symlink(join(root, 'a'), join(root, 'link'));
  await makeFolder(join(root, 'link', 'b', 'd'));
  expect((await stat(join(root, 'a', 'b', 'd'))).isDirectory()).toBe(true);
  await Promise.all(Array.from({ length: 8 }, () => makeFolder(join(root, 'x', 'y', 'z'))));
});

it('says why where a file is in the way', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.runIf(process.platform === 'linux')('ends where a file system takes no folders', async () => {
  await expect(checkWritable('/proc/x/y')).rejects.toMatchObject({ code: 'RESULT_WRITE_FAILED' });
});
