import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFiles, type Part } from '../../../src/load/workloads/hf-files.js';
import type { HfPrompts } from '../../../src/load/workloads/hf.js';
import { make, promptsOf } from './subject.js';

const PARQUET = join(import.meta.dirname, '../../fixtures/parquet');
const spec = (path: string, changes: Partial<HfPrompts> = {}): HfPrompts => ({
  kind: 'hf',
  path,
  promptColumn: 'question',
  ...changes,
});
const textsOf = (set: Parameters<typeof promptsOf>[0]) =>
  promptsOf(set).map(({ json }) => JSON.parse(json) as string);
const question = (i: number) => `What is the number after ${i}?${i % 2 === 0 ? ' Say é or 数.' : ''}`;

let root = '';
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'hf-'))));
afterEach(() => rm(root, { recursive: true }));

async function write(files: readonly string[], content = '{"question":"q"}\n'): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  }
}

describe('prompts of a Hugging Face data set', () => {
  it.each(['snappy', 'gzip', 'brotli', ...('zstdDecompressSync' in zlib ? ['zstd'] : [])])(
    'are read from Parquet: %s',
    async (name) => {
      const { measured } = await make({
        prompts: spec(join(PARQUET, `${name}.parquet`)),
        numPrompts: 8,
        numWarmups: 1,
      });
      expect(textsOf(measured)).toEqual(Array.from({ length: 8 }, (_, i) => question(i)));
      expect(promptsOf(measured).map(({ lengths }) => lengths.requestedOutputTokens)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8,
      ]);
    },
  );

  it.skipIf('zstdDecompressSync' in zlib)('say what Node.js lacks for Zstandard', async () => {
    const made = make({ prompts: spec(join(PARQUET, 'zstd.parquet')), numPrompts: 1, numWarmups: 0 });
    await expect(made).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringContaining('Zstandard') as string,
      hint: expect.stringContaining('22.15') as string,
    });
  });

  it.each([
    ['messages', (i: number) => `first ${i}`],
    ['turns', (i: number) => `turn ${i}`],
  ])('are those that a user said first in a column of lists: %s', async (promptColumn, text) => {
    const prompts = spec(join(PARQUET, 'snappy.parquet'), { promptColumn });
    const { measured } = await make({ prompts, numPrompts: 40, numWarmups: 0 });
    expect(textsOf(measured)).toEqual(Array.from({ length: 40 }, (_, i) => text(i)));
  });

  it('go on in further files, of other formats', async () => {
    await write(['b.jsonl'], '{"question":"line"}\n');
    await write(['c.json'], '\n [{"question":"element"},\n{"question":"another"}]');
    const moreFiles = ['b.jsonl', 'c.json'].map((name) => join(root, name));
    const prompts = spec(join(PARQUET, 'gzip.parquet'), { moreFiles, outputLen: 2 });
    const { measured } = await make({ prompts, numPrompts: 11, numWarmups: 0 });
    expect(textsOf(measured).slice(7)).toEqual([question(7), 'line', 'element', 'another']);
  });

  it('are refused with their row', async () => {
    const made = make({
      prompts: spec(join(PARQUET, 'gzip.parquet'), { promptColumn: 'questions' }),
      numPrompts: 1,
      numWarmups: 0,
    });
    await expect(made).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message:
        'there is no column questions; did you mean question?; there are: question, answer, output_tokens, messages, turns',
      where: { key: 'row 0' },
    });
  });

  it('are refused where a file is no Parquet, or cut', async () => {
    await write(['no.parquet'], 'PAR1 and nothing else');
    await expect(
      make({ prompts: spec(join(root, 'no.parquet')), numPrompts: 1, numWarmups: 0 }),
    ).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringContaining("can't read the Parquet file") as string,
    });
    const gone = make({ prompts: spec(join(root, 'gone.parquet')), numPrompts: 1, numWarmups: 0 });
    await expect(gone).rejects.toMatchObject({ code: 'WORKLOAD_INVALID' });
  });
});

describe('the files of a Hugging Face data set', () => {
  const names = async (part: Part = {}, where = root, env = {}) =>
    (await dataFiles(where, part, env)).map((file) => file.slice(where === root ? root.length + 1 : 0));

  it('are those of a folder, in order, without what describes them', async () => {
    await write([
      'data/train-00001-of-00002.parquet',
      'data/train-00000-of-00002.parquet',
      'dataset_infos.json',
      'README.md',
      '.cache/x.json',
    ]);
    expect(await names()).toEqual(['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet']);
  });

  it('are those of a split and a subset', async () => {
    await write(['en/train-0.parquet', 'en/test-0.parquet', 'de/train/0.parquet', 'de/test.jsonl']);
    expect(await names({ subset: 'en', split: 'train' })).toEqual(['en/train-0.parquet']);
    expect(await names({ subset: 'de', split: 'train' })).toEqual(['de/train/0.parquet']);
    expect(await names({ subset: 'de', split: 'test' })).toEqual(['de/test.jsonl']);
  });

  it.each<[string, readonly string[], Part, RegExp, RegExp]>([
    ['several splits', ['train.jsonl', 'test.jsonl'], {}, /has the splits train, test/, /--hf-split train/],
    ['several subsets', ['en/train.jsonl', 'de/train.jsonl'], {}, /files in de, en/, /--hf-subset de/],
    [
      'a split that is not there',
      ['train.jsonl'],
      { split: 'trian' },
      /of split trian.*there are train\.jsonl/,
      /names of folders/,
    ],
    ['nothing', ['README.md'], {}, /none at all/, /names/],
  ])('have to be told apart: %s', async (_name, files, part, message, hint) => {
    await write(files);
    await expect(names(part)).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('are found in the cache by the name of the repository', async () => {
    const repository = join(root, 'hub/datasets--acme--talks');
    const snapshot = join(repository, 'snapshots/abc/data');
    await mkdir(snapshot, { recursive: true });
    await mkdir(join(repository, 'refs'));
    await mkdir(join(repository, 'blobs'));
    await writeFile(join(repository, 'refs/main'), 'abc');
    await cp(join(PARQUET, 'gzip.parquet'), join(repository, 'blobs/1f'));
    await symlink(join(repository, 'blobs/1f'), join(snapshot, 'train-0.parquet'));
    const env = { HF_HUB_CACHE: join(root, 'hub') };
    const [path] = await dataFiles('acme/talks', {}, env);
    expect(path).toBe(join(snapshot, 'train-0.parquet'));
    const { measured } = await make({ prompts: spec(path), numPrompts: 1, numWarmups: 0 });
    expect(textsOf(measured)).toEqual([question(0)]);
    await expect(dataFiles('acme/talk', {}, env)).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: expect.stringContaining('no data set acme/talk in the Hugging Face cache') as string,
      where: { file: join(root, 'hub/datasets--acme--talk') },
    });
  });
});
