import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { LOAD_NODE_ARGS } from '../../src/load/run/young-generation.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { clientBundle, type ClientBundle } from '../../src/measure/client-bundle/client-bundle.js';
import { runLoadProcess } from '../../src/measure/run-process.js';
import { startGoldenServer } from '../../src/selftest/golden/golden-server.js';
import { specFor } from '../load/specs.js';
import { runCli } from '../run-cli.js';

const BIN = join(import.meta.dirname, '../../bin/sweepline.js');
const FIXTURES = join(import.meta.dirname, '../fixtures');
const ORDINARY = [process.execPath, ...LOAD_NODE_ARGS, BIN, 'load'];
const MOST_BYTES = 140e6;
const { signal } = new AbortController();

let root: string;
let folder: string;
let bundle: ClientBundle;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sweepline-client-'));
  folder = join(root, 'client');
  const { exitCode, stderr } = await runCli(['client', 'bundle', 'client'], root);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  bundle = await clientBundle();
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The lines of a records file, with each time replaced by a word. */
function untimed(records: string): readonly unknown[] {
  const lines = records
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const timed = (key: string, value: unknown): unknown => (/Ms$/.test(key) ? 'time' : value);
  const header = JSON.stringify(lines[0], timed);
  // What the client says of itself is measured, but for what it is.
  const { client, server, complete } = lines.at(-1) as {
    client: { name: string; workers: object[] };
    server?: { path: string; scrapes: { failed: number }; names: object };
    complete: boolean;
  };
  const requests = lines.slice(1, -1).sort((a, b) => Number(a['index']) - Number(b['index']));
  return [
    header,
    ...requests.map(({ chunkUs, ...request }) =>
      JSON.stringify({ ...request, chunkUs: (chunkUs as number[]).length }, timed),
    ),
    {
      ...{ name: client.name, workers: client.workers.length, complete },
      ...(server !== undefined && {
        server: { path: server.path, failed: server.scrapes.failed, names: server.names },
      }),
    },
  ];
}

/** Runs a load as the ordinary load process and as the bundle's: what each records. */
async function both(spec: LoadSpec): Promise<{ ordinary: readonly unknown[]; bundled: readonly unknown[] }> {
  const run = async (name: string, command: readonly string[]): Promise<readonly unknown[]> => {
    // Prompts that the other made would not be made again.
    vi.stubEnv('SWEEPLINE_CACHE', join(root, `cache-${name}`));
    const recordsFile = join(root, 'records.jsonl');
    await runLoadProcess(
      { ...spec, output: { ...spec.output, recordsFile } },
      createLocalExecutor(),
      { command, specFile: join(root, `${name}.json`), onProgress: () => {} },
      signal,
    );
    return untimed(await readFile(recordsFile, 'utf8'));
  };
  try {
    return {
      ordinary: await run('ordinary', ORDINARY),
      bundled: await run('bundled', bundle.command(folder)),
    };
  } finally {
    vi.unstubAllEnvs();
  }
}

describe('a client bundle', () => {
  it('is a Node.js, a JavaScript file and what they are', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'LICENSES.txt',
      'agent.mjs',
      'load-client.mjs',
      'manifest.json',
      'node',
    ]);
    const sizes = await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MOST_BYTES);
    expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toEqual(bundle.manifest);
    expect(bundle.manifest).toMatchObject({
      schema: 'sweepline.client/1',
      platform: 'linux',
      arch: process.arch,
      node: process.versions.node,
    });
  });

  it('records what the ordinary load process does, with threads, a tokenizer and a chat template', async () => {
    await using golden = await startGoldenServer();
    const { ordinary, bundled } = await both(
      specFor(golden, {
        prompts: { form: 'text', useChatTemplate: true, vocabulary: undefined },
        tokenizer: join(FIXTURES, 'tokenizers/byte-level'),
        arrival: { concurrency: 6 },
        numPrompts: 60,
        workers: 3,
      }),
    );

    expect(bundled).toEqual(ordinary);
    expect(ordinary).toHaveLength(62);
    expect(ordinary.at(-1)).toMatchObject({ workers: 3, complete: true });
    const { requests } = golden.log();
    const digests = requests.map(({ digest }) => digest);
    const half = digests.length / 2;
    expect(digests.slice(half).sort()).toEqual(digests.slice(0, half).sort());
  });

  it.skipIf(availableParallelism() < 2)('makes many prompts in threads', async () => {
    await using golden = await startGoldenServer({ log: 'requests' });
    const { ordinary, bundled } = await both(
      specFor(golden, {
        prompts: { form: 'text', vocabulary: undefined, inputLen: 8192, outputLen: 2, rangeRatio: 1 },
        tokenizer: join(FIXTURES, 'tokenizers/byte-level'),
        numPrompts: 300,
        numWarmups: 0,
      }),
    );

    expect(bundled).toEqual(ordinary);
    expect(ordinary).toHaveLength(302);
  });

  it('speaks as a codec of a plugin says, in each thread', async () => {
    const pigeon = new URL('../fixtures/pigeon-plugin/', import.meta.url);
    const module = (await import(new URL('server.js', pigeon).href)) as { createLoft(): Server };
    const loft = module.createLoft().listen(0, '127.0.0.1');
    await once(loft, 'listening');
    const url = `http://127.0.0.1:${(loft.address() as AddressInfo).port}`;
    try {
      const { ordinary, bundled } = await both(
        specFor(
          { url },
          {
            endpoint: { codec: new URL('codec.js', pigeon).href },
            prompts: { form: 'auto' },
            output: { keepText: true },
            serverMetrics: { path: '/nest', names: { running: ['pigeon_flying'] } },
            workers: 2,
          },
        ),
      );

      expect(bundled).toEqual(ordinary);
      expect(bundled.at(-1)).toMatchObject({
        server: { path: '/nest', failed: 0, names: { running: 'pigeon_flying' } },
      });
      expect(JSON.parse(ordinary[1] as string)).toMatchObject({ state: 'completed', finishReason: 'landed' });
    } finally {
      loft.closeAllConnections();
      loft.close();
    }
  });

  it('says what is wrong with its spec as the ordinary load process does', async () => {
    const spec = { ...specFor({ url: 'http://127.0.0.1:1' }), tokenizer: '/nowhere' };

    await expect(both(spec)).rejects.toMatchObject({ code: 'TOKENIZER_INVALID' });
    const options = { command: bundle.command(folder), specFile: join(root, 's.json'), onProgress: () => {} };
    await expect(
      runLoadProcess(
        { ...spec, output: { recordsFile: join(root, 'r.jsonl') } },
        createLocalExecutor(),
        options,
        signal,
      ),
    ).rejects.toMatchObject({ code: 'TOKENIZER_INVALID', where: { file: '/nowhere' } });
  });

  it('names the codec whose code fails outside of any call', async () => {
    await using golden = await startGoldenServer({ itlMs: 20 });
    await mkdir(join(root, 'codec'));
    const file = join(root, 'codec/late.mjs');
    await writeFile(
      file,
      `export { default } from ${JSON.stringify(new URL('../fixtures/codecs/whole.js', import.meta.url).href)};
       setTimeout(() => { throw new Error('too late'); }, 100);`,
    );
    const codec = pathToFileURL(file).href;
    const load = runLoadProcess(
      specFor(golden, {
        endpoint: { codec },
        numPrompts: 1000,
        output: { recordsFile: join(root, 'late.jsonl') },
      }),
      createLocalExecutor(),
      { command: bundle.command(folder), specFile: join(root, 'late.json'), onProgress: () => {} },
      signal,
    );

    await expect(load).rejects.toMatchObject({
      code: 'PLUGIN_THREW',
      message: expect.stringMatching(
        /^code of codec .*late\.mjs threw outside of any call: too late \(at .*late\.mjs:2\)/,
      ) as string,
    });
  });

  it('replaces an earlier one, and nothing else', async () => {
    expect((await runCli(['client', 'bundle', 'client'], root)).exitCode).toBe(0);
    await mkdir(join(root, 'other'));
    await writeFile(join(root, 'other/node'), 'mine');

    const { exitCode, stderr } = await runCli(['client', 'bundle', 'other'], root);

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('CLIENT_UNUSABLE') as string,
    });
    expect(await readdir(join(root, 'other'))).toEqual(['node']);
    expect(await readFile(join(root, 'other/node'), 'utf8')).toBe('mine');
  });
});
