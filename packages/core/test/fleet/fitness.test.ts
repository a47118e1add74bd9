import { chmod, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { SweeplineError, type Executor, type NodeLauncher } from '../../src/index.js';
import { createFakeCluster } from '../../src/testing/index.js';
import { role, sweepFleet, type FleetOptions } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-cluster-'));
afterAll(() => rm(folder, { recursive: true }));
const cluster = () => createFakeCluster({ folder, nodes: 2 }).launcher;

const FAILED = { state: 'failed' } as const;
const like = (text: RegExp): string => expect.stringMatching(text) as string;

/** Sweeps one point; a server that is started says so in `started`. */
async function sweepOne(options: Partial<FleetOptions>) {
  await using run = await sweepFleet({ launcher: cluster(), roles: [role('server')], ...options });
  const started = run.events.some((event) => 'phase' in event && event.phase === 'load');
  return { result: run.results[0]!, started };
}

/** Nodes whose `df` prints what the function makes of its last argument. */
function withDf(launcher: NodeLauncher, free: (path: string, node: string) => number): NodeLauncher {
  const wrapped = (executor: Executor): Executor => ({
    ...executor,
    run: (spec, signal) => {
      const path = spec.argv.at(-1) ?? '';
      const kib = Math.round(free(path, executor.node.name) * 1024 ** 2);
      const table = `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 9999999 1 ${kib} 50% /raid\n`;
      return executor.run(spec.argv[0] === 'df' ? { ...spec, argv: ['printf', '%s', table] } : spec, signal);
    },
  });
  return {
    ...launcher,
    async acquire(request, signal) {
      const lease = await launcher.acquire(request, signal);
      return { ...lease, executors: lease.executors.map(wrapped) };
    },
  };
}

describe('a node without room', () => {
  it('is named before a server is started on it', async () => {
    const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' } as const;
    const launcher = withDf(cluster(), (_, node) => (node === 'node-1' ? 0.25 : 50));
    const roles = [role('prefill', { place }), role('decode', { place })];
    const { result, started } = await sweepOne({ launcher, roles });

    expect(result).toMatchObject({
      ...FAILED,
      error: {
        ...{ code: 'NODE_UNFIT', layer: 'node', again: false, where: like(/node node-1/) },
        message: like(/^0\.25 GiB are free on \/raid of node-1, .*need 0\.5 GiB/),
        hint: like(/Make room/),
      },
    });
    expect(started).toBe(false);
  });

  it('is named when a server ends because its disk has filled, and another one is tried', async () => {
    const script = 'console.error("OSError: [Errno 28] No space left on device"); process.exit(1)';
    const { result } = await sweepOne({
      roles: [role('server', { argv: [process.execPath, '-e', script] })],
    });

    expect(result).toMatchObject({
      ...FAILED,
      error: {
        code: 'NODE_UNFIT',
        message: like(/a disk of node-1 is full: server exited with code 1: OSError/),
      },
      provenance: {
        retries: [{ code: 'NODE_UNFIT', message: like(/a disk of node-0 is full: server exited/) }],
      },
    });
  });
});

describe('a node that others use', () => {
  const busy = (node: string) =>
    new SweeplineError('NODE_BUSY', `the GPUs of ${node} are not idle: 71 GiB of one are in use`);

  it('is refused, also where it is not that of the endpoint', async () => {
    const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' } as const;
    const preflight = ({ node }: Executor) =>
      node.name === 'node-0' ? Promise.reject(busy(node.name)) : Promise.resolve({});
    const { result, started } = await sweepOne({
      roles: [role('prefill', { place }), role('decode', { place })],
      hardware: { preflight },
    });
    expect(result).toMatchObject({
      ...FAILED,
      error: { code: 'NODE_BUSY', layer: 'node', message: like(/node-0.*71 GiB/), where: 'node node-0' },
    });
    expect(started).toBe(false);
  });

  it('is a mark on what was measured when they came meanwhile', async () => {
    let asked = 0;
    const preflight = ({ node }: Executor) =>
      asked++ === 0 ? Promise.resolve({ driver: '1' }) : Promise.reject(busy(node.name));
    const { result } = await sweepOne({ hardware: { preflight } });

    expect(result).toMatchObject({
      state: 'completed',
      provenance: { hardware: { facts: { driver: '1' } } },
      marks: expect.arrayContaining([
        {
          code: 'node-shared',
          severity: 'note',
          message: like(/after the server had ended, the GPUs of node-0.*71 GiB/),
        },
      ]) as unknown,
    });
  });
});

const REVISION = '0123456789abcdef0123456789abcdef01234567';
const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

describe('a model in the cache of a cluster', () => {
  const hub = join(folder, 'node-0', 'hub');
  const repository = join(hub, 'models--fake-model');
  const snapshot = join(repository, 'snapshots', REVISION);
  const download = { setup: [{ argv: ['true', 'download', 'fake-model'] }] };

  beforeEach(async () => {
    await rm(hub, { recursive: true, force: true });
    await put(join(repository, 'refs', 'main'), REVISION);
    await blob('config.json', '{}');
    const weight_map = { a: SHARDS[0], b: SHARDS[1] };
    await blob('model.safetensors.index.json', JSON.stringify({ metadata: { total_size: 1 }, weight_map }));
    for (const shard of SHARDS) await blob(shard, weights(64));
  });

  /** As huggingface_hub lays files out: links to what is named by its digest. */
  async function blob(name: string, content: string | Buffer): Promise<void> {
    await put(join(repository, 'blobs', `blob-of-${name}`), content);
    await mkdir(snapshot, { recursive: true });
    await symlink(join('..', '..', 'blobs', `blob-of-${name}`), join(snapshot, name));
  }

  const sweepWith = (more: Parameters<typeof role>[1] = {}) =>
    sweepOne({ hfCache: hub, roles: [role('server', more)] });

  it('that is whole is measured, and its revision is in the result', async () => {
    const { result } = await sweepWith();
    expect(result).toMatchObject({
      state: 'completed',
      provenance: { hardware: { facts: { 'model-revision': REVISION } } },
    });
  });

  it('that is not there at all is a download', async () => {
    await rm(repository, { recursive: true });
    expect((await sweepWith()).result).toMatchObject({ state: 'completed' });
  });

  const lost = (name: string) => rm(join(repository, 'blobs', `blob-of-${name}`));

  it.each<[why: string, change: () => Promise<unknown>, message: RegExp]>([
    ['a link that leads nowhere', () => lost(SHARDS[1]!), /missing: model-00002-of-00002\.safetensors$/],
    ['no link', () => rm(join(snapshot, SHARDS[0]!)), /missing: model-00001-of-00002\.safetensors$/],
    ['no config', () => rm(join(snapshot, 'config.json')), /missing: config\.json$/],
    [
      'a download that was broken off',
      async () => {
        const file = join(repository, 'blobs', `blob-of-${SHARDS[0]}`);
        await rename(file, `${file}.incomplete`);
      },
      /missing: model-00001.*a download is under way, or was broken off/,
    ],
    [
      'a file that was cut off',
      () => truncate(join(repository, 'blobs', `blob-of-${SHARDS[1]}`), weights(64).length - 9),
      /wrong length: model-00002-of-00002\.safetensors \(\d+ bytes, its header says \d+\)/,
    ],
    [
      'a file that is empty',
      () => truncate(join(repository, 'blobs', `blob-of-${SHARDS[1]}`), 0),
      /wrong length: model-00002.*its header says nothing/,
    ],
    [
      'another revision than main',
      () => put(join(repository, 'refs', 'main'), 'feedbeef'),
      new RegExp(`revision feedbeef has no files; there is ${REVISION}`),
    ],
    [
      'an index that is cut off',
      () => put(join(repository, 'blobs', 'blob-of-model.safetensors.index.json'), '{"weight'),
      /not JSON/,
    ],
  ])('with %s is refused before a server is started', async (_, change, message) => {
    await change();
    const { result, started } = await sweepWith();

    expect(result).toMatchObject({
      ...FAILED,
      error: {
        ...{ code: 'MODEL_INCOMPLETE', layer: 'model', again: false, message: like(message) },
        ...{ where: like(/node node-0/), hint: like(/hf download fake-model/) },
      },
    });
    expect(started).toBe(false);
  });

  it('that the plan fetches may miss files, and none of a wrong length: those are not fetched again', async () => {
    await lost(SHARDS[0]!);
    expect((await sweepWith(download)).result).toMatchObject({ state: 'completed' });
    await blob2(SHARDS[0]!, weights(64));
    await truncate(join(repository, 'blobs', `blob-of-${SHARDS[1]}`), 90);
    expect((await sweepWith(download)).result).toMatchObject({
      ...FAILED,
      error: { code: 'MODEL_INCOMPLETE' },
    });
  });

  /** Where its link is there already. */
  function blob2(name: string, content: Buffer): Promise<void> {
    return put(join(repository, 'blobs', `blob-of-${name}`), content);
  }

  it('that has to be fetched needs room for it', async () => {
    await rm(repository, { recursive: true });
    const launcher = withDf(cluster(), (path) => (path.startsWith(hub) ? 3 : 50));
    const roles = [role('server', download)];
    expect((await sweepOne({ launcher, hfCache: hub, roles })).result).toMatchObject({
      ...FAILED,
      error: { code: 'NODE_UNFIT', message: like(/3\.00 GiB are free.*has to be downloaded need 10 GiB/) },
    });
  });

  it('is looked for in the revision that the server is told to take', async () => {
    const args = ['--revision', 'v2'];
    const { result } = await sweepOne({ hfCache: hub, roles: [role('server', {}, args)] });
    expect(result).toMatchObject({ ...FAILED, error: { message: like(/revision v2 has no files/) } });
  });

  it('whose weights this user may not read is left to the server', async () => {
    if (process.getuid?.() === 0) return;
    await chmod(join(repository, 'blobs', `blob-of-${SHARDS[0]}`), 0);
    expect((await sweepWith()).result).toMatchObject({ state: 'completed' });
  });
});

async function put(file: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** A file of safetensors: the header's length, the header, the data. */
function weights(bytes: number): Buffer {
  const tensors = {
    __metadata__: { format: 'pt' },
    a: { dtype: 'F32', shape: [bytes / 8], data_offsets: [bytes / 2, bytes] },
    b: { dtype: 'F32', shape: [bytes / 8], data_offsets: [0, bytes / 2] },
  };
  const header = Buffer.from(JSON.stringify(tensors));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(bytes)]);
}
