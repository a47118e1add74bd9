import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { carryFiles, type CarriedLoad } from '../../src/load/spec/carried-files.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { startFakeServer } from '../../src/testing/index.js';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer.js';
import { specFor } from './specs.js';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const TOKENIZER = join(FIXTURES, 'tokenizers/byte-level');
const CODEC = new URL('../fixtures/codecs/whole.js', import.meta.url).href;

let root: string;
/** Stands for the other machine's folder, with characters that URLs must escape. */
let there: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'sweepline-carried-')));
  there = join(root, 'there #1 50%');
});
afterEach(() => rm(root, { recursive: true }));

const base = specFor({ url: 'http://127.0.0.1:1' });

/** A Mooncake trace of small requests. */
async function writeTrace(): Promise<string> {
  const file = join(root, 'here', 'trace.jsonl');
  await mkdir(dirname(file), { recursive: true });
  const row = { timestamp: 0, input_length: 30, output_length: 4, hash_ids: [1, 2] };
  await writeFile(file, `${JSON.stringify(row)}\n`.repeat(12));
  return file;
}

async function carryOut({ files }: CarriedLoad): Promise<void> {
  for (const { source, path } of files) {
    await mkdir(dirname(join(there, path)), { recursive: true });
    await copyFile(source, join(there, path));
  }
}

describe('carryFiles', () => {
  it('leaves a spec that names no file as it is', async () => {
    expect(await carryFiles(base, there, {})).toEqual({ files: [], spec: base });
  });

  it('carries a data set, and the load finds it where the spec says', async () => {
    const path = await writeTrace();
    await using fake = await startFakeServer();
    const { vocabulary } = base.prompts as { readonly vocabulary?: { first: number; end: number } };
    const prompts = {
      kind: 'mooncake',
      form: 'token-ids',
      path,
      blockTokens: 16,
      seed: 0,
      vocabulary,
    } as const;
    const spec: LoadSpec = { ...specFor(fake), prompts: { ...prompts, ...(vocabulary && { vocabulary }) } };

    const carried = await carryFiles(spec, there, {});
    expect(carried).toEqual({
      files: [{ source: path, path: 'prompts/path/trace.jsonl' }],
      spec: { ...spec, prompts: { ...spec.prompts, path: join(there, 'prompts/path/trace.jsonl') } },
    });
    await carryOut(carried);
    const before = await generateLoad(spec);
    await rm(path);

    const after = await generateLoad(carried.spec);
    const requestsOf = ({ requests }: typeof after) =>
      requests.map(({ state, requestedPromptTokens, outputTokens }) => ({
        ...{ state, requestedPromptTokens, outputTokens },
      }));
    expect(requestsOf(after)).toEqual(requestsOf(before));
    expect(after.requests[11]).toMatchObject({ state: 'completed', requestedOutputTokens: 4 });
  });

  it('carries a tokenizer with its configuration, from a folder, a file or the Hugging Face cache', async () => {
    const snapshot = join(root, 'hub/models--acme--tiny/snapshots/abc');
    await cp(TOKENIZER, join(root, 'blobs'), { recursive: true });
    await mkdir(snapshot, { recursive: true });
    for (const name of ['tokenizer.json', 'tokenizer_config.json'])
      await symlink(join(root, 'blobs', name), join(snapshot, name));
    const { origin } = await loadTokenizer(TOKENIZER, {});

    for (const tokenizer of [TOKENIZER, join(TOKENIZER, 'tokenizer.json'), 'acme/tiny']) {
      const carried = await carryFiles({ ...base, tokenizer }, there, { HF_HUB_CACHE: join(root, 'hub') });
      const where = tokenizer === 'acme/tiny' ? join(root, 'blobs') : TOKENIZER;
      expect(carried.files).toEqual(
        ['tokenizer.json', 'tokenizer_config.json'].map((name) => ({
          source: join(where, name),
          path: `tokenizer/${name}`,
        })),
      );
      await carryOut(carried);
      expect((await loadTokenizer(carried.spec.tokenizer ?? '', {})).origin?.digest).toBe(origin?.digest);
    }
  });

  it('carries a codec as a module, whatever is around it', async () => {
    for (const codec of [CODEC, fileURLToPath(CODEC)]) {
      const spec = { ...base, endpoint: { ...base.endpoint, codec } };
      const carried = await carryFiles(spec, there, {});
      expect(carried.files).toEqual([{ source: fileURLToPath(CODEC), path: 'codec/codec.mjs' }]);
      await carryOut(carried);
      await writeFile(join(there, 'package.json'), '{ "type": "commonjs" }');
      const address = carried.spec.endpoint.codec ?? '';
      expect(fileURLToPath(address)).toBe(join(there, 'codec/codec.mjs'));
      const argv = [
        '-e',
        'import(process.argv[1]).then((module) => console.log(module.default.name))',
        address,
      ];
      expect((await promisify(execFile)(process.execPath, argv)).stdout).toBe('whole\n');
    }
  });

  it('leaves a codec that is in its address where it is, when it is self-contained', async () => {
    const endpoint = (source: string) => ({
      ...base.endpoint,
      codec: `data:text/javascript,${encodeURIComponent(source)}`,
    });
    const spec = { ...base, endpoint: endpoint('export default 1') };

    expect(await carryFiles(spec, there, {})).toEqual({ files: [], spec });
    await expect(
      carryFiles({ ...base, endpoint: endpoint('import "file:///absent.js"; export default 1') }, there, {}),
    ).rejects.toMatchObject({
      code: 'PLUGIN_INVALID',
      message: 'codec in a data: address imports file:///absent.js',
    });
  });

  it.each<[string, Partial<LoadSpec>, object]>([
    [
      'a data set',
      { prompts: { kind: 'mooncake', form: 'text', path: '/absent.json', blockTokens: 16, seed: 0 } },
      { code: 'WORKLOAD_INVALID', where: { file: '/absent.json' } },
    ],
    ['a tokenizer', { tokenizer: '/absent' }, { code: 'TOKENIZER_INVALID', where: { file: '/absent' } }],
    [
      'a codec',
      { endpoint: { ...base.endpoint, codec: 'file:///absent.js' } },
      { code: 'PLUGIN_BROKEN', where: { file: '/absent.js' } },
    ],
    [
      'a codec of a package',
      { endpoint: { ...base.endpoint, codec: '@acme/codec' } },
      { code: 'PLUGIN_INVALID', message: 'codec @acme/codec is not a file URL' },
    ],
    [
      'a codec that is no program',
      { endpoint: { ...base.endpoint, codec: 'data:text/javascript,export default (' } },
      { code: 'PLUGIN_BROKEN', message: expect.stringContaining('not JavaScript') as string },
    ],
  ])('says before anything is copied what is wrong with %s', async (_, changes, error) => {
    await expect(carryFiles({ ...base, ...changes }, there, {})).rejects.toMatchObject(error);
  });
});
