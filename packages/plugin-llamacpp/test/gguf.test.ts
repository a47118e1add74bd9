import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, afterEach, expect, test } from 'vitest';
import { cachedSyntheticModel } from '../dist/gguf/cache.js';
import { VOCABULARY_SIZE } from '../dist/gguf/sizes.js';
import { buildVocabulary } from '../dist/gguf/vocabulary.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-gguf-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('equal seeds give equal files, other seeds other weights in other files', async () => {
  const first = await cachedSyntheticModel(join(folder, 'a'), 'tiny', 5);
  const second = await cachedSyntheticModel(join(folder, 'b'), 'tiny', 5);
  const other = await cachedSyntheticModel(join(folder, 'a'), 'tiny', 6);
  expect((await readFile(first)).equals(await readFile(second))).toBe(true);
  expect((await readFile(first)).equals(await readFile(other))).toBe(false);
  expect(other).not.toBe(first);
});

test('generators at the same time, and a half file from a crash, leave whole models only', async () => {
  const reference = await readFile(await cachedSyntheticModel(join(folder, 'reference'), 'tiny', 0));
  const cache = join(folder, 'cache');
  const path = await cachedSyntheticModel(cache, 'tiny', 0);
  await rm(path);
  await writeFile(`${path}.crashed.partial`, reference.subarray(0, 1000));
  const paths = await Promise.all(Array.from({ length: 4 }, () => cachedSyntheticModel(cache, 'tiny', 0)));
  expect(new Set(paths)).toEqual(new Set([path]));
  expect((await readFile(path)).equals(reference)).toBe(true);
  expect((await readdir(cache)).filter((name) => name.endsWith('.gguf'))).toHaveLength(1);
});

test('a failed write leaves nothing behind', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(cachedSyntheticModel(join(folder, 'file'), 'tiny', 0)).rejects.toThrow(
    `can't write the model cache ${join(folder, 'file')}: `,
  );
  expect(await readdir(folder)).toEqual(['file']);
});

test.for<readonly [string, string, RegExp]>([
  [
    'full',
    'size=40k',
    /: ENOSPC.*; free some space there, or let XDG_CACHE_HOME or --cache-dir name another/,
  ],
  ['read-only', 'ro', /: EROFS.*; make it writable, or let XDG_CACHE_HOME or --cache-dir name another/],
])('a %s cache is named, with what to do, and holds no half model', async ([, option, advice], { skip }) => {
  const mount = ['-t', 'tmpfs', '-o', option, 'tmpfs', folder];
  if (spawnSync('mount', mount).status !== 0) skip("a small file system can't be mounted here");
  try {
    const model = cachedSyntheticModel(folder, 'tiny', 0);
    await expect(model).rejects.toThrow(`can't write the model cache ${folder}: `);
    await expect(model).rejects.toThrow(advice);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    spawnSync('umount', [folder]);
  }
});

test('the vocabulary is full, of different tokens, and has all bytes', () => {
  const { tokens, types, scores } = buildVocabulary(VOCABULARY_SIZE);
  expect([new Set(tokens).size, types.length, scores.length]).toEqual([
    VOCABULARY_SIZE,
    VOCABULARY_SIZE,
    VOCABULARY_SIZE,
  ]);
  expect(types.filter((type) => type === 6)).toHaveLength(256);
});
