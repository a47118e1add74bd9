import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createFakeCluster } from '../../src/testing/index.js';
import { role, serverArgv, sweepFleet } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-transports-'));
afterAll(() => rm(folder, { recursive: true }));

/** NVIDIA/nccl#367 */
const OVER_TCP = 'c6ad99331184:117290:117388 [0] NCCL INFO Ring 00 : 15 -> 0 [receive] via NET/Socket/0';
/** Says a line before it becomes a server. */
const SAYING = `console.log(process.argv[1]);
  const server = require('node:child_process').spawn(process.argv[2], process.argv.slice(3), { stdio: 'inherit' });
  process.on('SIGTERM', () => server.kill());`;

function sweepOver(rdma: boolean) {
  const decode = role('decode', {
    argv: [process.execPath, '-e', SAYING, OVER_TCP, ...serverArgv('decode')],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' },
  });
  return sweepFleet({
    launcher: createFakeCluster({ folder, nodes: 1 }).launcher,
    roles: [decode],
    fabric: { rdma, imex: false },
  });
}

it('a result over TCP is invalid where the cluster means RDMA, and says which process of which role used it', async () => {
  await using run = await sweepOver(true);

  const transport = {
    role: 'decode',
    file: 'logs/decode-0-0.log',
    library: 'nccl',
    kind: 'tcp',
    name: 'Socket',
  };
  expect(run.results).toMatchObject([{ state: 'completed', provenance: { transports: [transport] } }]);
  const marks = run.results.flatMap((result) => (result.state === 'completed' ? result.marks : []));
  expect(marks).toContainEqual(expect.objectContaining({ code: 'tcp-for-rdma', severity: 'invalid' }));
});

it('the same result is valid where the cluster means TCP', async () => {
  await using run = await sweepOver(false);

  const marks = run.results.flatMap((result) => (result.state === 'completed' ? result.marks : []));
  expect(run.results).toMatchObject([{ state: 'completed', provenance: { transports: [{ kind: 'tcp' }] } }]);
  expect(marks.map(({ code }) => code)).not.toContain('tcp-for-rdma');
});
