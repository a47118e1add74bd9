import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NodeLauncher } from '../../src/plugin/launcher.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import { createFakeCluster } from '../../src/testing/index.js';
import { role, sweepFleet } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-cluster-'));
afterAll(() => rm(folder, { recursive: true }));
const cluster = () => createFakeCluster({ folder, nodes: 2 }).launcher;

describe('the client', () => {
  it.each([
    ['server-node', { place: 'server-node', node: 'node-0', path: 'loopback' }],
    ['own-node', { place: 'own-node', node: 'node-1', path: 'network' }],
  ] as const)('runs on a node without Sweepline as a bundle, brought there: %s', async (place, placement) => {
    await using run = await sweepFleet({ launcher: cluster(), roles: [role('server')], place });

    expect(run.results).toMatchObject([{ state: 'completed', provenance: { placement } }]);
    const { name } = run.results[0]!;
    const spec = JSON.parse(await run.read(name, 'load.json')) as {
      readonly output: { readonly recordsFile: string };
    };
    // Its files were on that node alone.
    expect(spec.output.recordsFile).toContain(join(folder, placement.node));
    const { requests } = decodeRunRecord(await run.read(name, 'records.jsonl'));
    expect(requests.map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => 'completed'));
  });

  it('is on no other machine than a server that is reached there alone', async () => {
    const { launcher } = createFakeCluster({ folder, nodes: 2 });
    const alone: NodeLauncher = {
      ...launcher,
      acquire: async (request, signal) => {
        const lease = await launcher.acquire(request, signal);
        const [first, ...others] = lease.executors;
        const node = { ...first!.node, host: '127.0.0.1' };
        return { ...lease, executors: [{ ...first!, node }, ...others] };
      },
    };
    await using run = await sweepFleet({ launcher: alone, roles: [role('server')], place: 'controller' });

    expect(run.results).toMatchObject([
      {
        state: 'rejected',
        error: {
          code: 'PLAN_UNSUPPORTED',
          message: expect.stringMatching(/127\.0\.0\.1 on node-0 alone/) as string,
        },
      },
    ]);
  });

  it('is on a node of its own only where there is one more', async () => {
    const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' } as const;
    const roles = [role('prefill', { place }), role('decode', { place })];
    await using run = await sweepFleet({ launcher: cluster(), roles, place: 'own-node' });

    expect(run.results).toMatchObject([
      {
        state: 'rejected',
        error: { code: 'PLAN_UNSUPPORTED', message: expect.stringMatching(/needs 3/) as string },
      },
    ]);
  });
});
