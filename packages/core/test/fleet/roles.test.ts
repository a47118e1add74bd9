import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLocalLauncher } from '../../src/launch/launchers/local.js';
import { silentLogger } from '../../src/logger.js';
import { createFakeCluster } from '../../src/testing/index.js';
import { role, serverArgv, sweepFleet } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-cluster-'));
afterAll(() => rm(folder, { recursive: true }));
const cluster = (nodes: number) => createFakeCluster({ folder, nodes }).launcher;

/** Two devices: two of them are a node. */
const WHOLE_NODE = { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' } as const;
const ONE_OF_MANY = { nodes: 2, ranksPerNode: 2, devicesPerRank: 1, wireUp: 'pmix' } as const;

/** A server on rank 0, and other ranks that wait for nothing. */
const RANKED = `const { spawn } = require('node:child_process');
  const rank = process.env.PMIX_RANK;
  console.log('rank ' + rank + ' of ' + process.env.OMPI_COMM_WORLD_SIZE + ' in ' + process.cwd());
  if (rank === '0') spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' }).on('exit', (code) => process.exit(code));
  else setInterval(() => {}, 1000);`;

describe('roles of a server', () => {
  it('two on one node are started, kept apart by their devices, and have a log each', async () => {
    const roles = [role('prefill', {}, ['--model', 'p']), role('decode', { after: ['prefill'] })];
    await using run = await sweepFleet({ launcher: cluster(1), roles });

    expect(run.results).toMatchObject([{ state: 'completed' }]);
    const { name } = run.results[0]!;
    const files = await run.files(name);
    expect(files).toEqual(
      expect.arrayContaining(['logs/decode-0-0.log', 'logs/prefill-0-0.log', 'records.jsonl']),
    );
    expect(await run.log(name, 'decode-0-0.log')).toMatch(/listening on http:\/\/127\.\d+\.\d+\.1:/);
  });

  it('four on two nodes start as soon as those that they wait for are ready', async () => {
    const one = role('one', { replicas: 2 });
    const two = role('two', { replicas: 1 });
    const router = role('router', { after: ['one', 'two'], place: { ...WHOLE_NODE, devicesPerRank: 0 } });
    await using run = await sweepFleet({ launcher: cluster(2), roles: [one, two, router] });

    expect(run.results).toMatchObject([{ state: 'completed', provenance: { hardware: { node: 'node-0' } } }]);
    const { name } = run.results[0]!;
    const hosts = await Promise.all(
      ['one-0-0', 'one-1-0', 'two-0-0', 'router-0-0'].map(async (file) =>
        Number(/127\.\d+\.\d+\.(\d+)/.exec(await run.log(name, `${file}.log`))?.[1]),
      ),
    );
    expect(hosts).toEqual([1, 1, 2, 1]);
  });

  it('that wait for each other to answer start together', async () => {
    // Each is ready once the other listens: one after the other, neither ever was.
    const wait = `const { connect } = require('node:net'); const [host, port, ...argv] = process.argv.slice(1);
      const server = require('node:child_process').spawn(argv[0], argv.slice(1), { stdio: 'inherit' });
      const reach = () => connect(Number(port), host).on('connect', () => require('node:fs').writeFileSync(process.env.READY, '')).on('error', () => setTimeout(reach, 20));
      reach(); process.on('SIGTERM', () => server.kill());`;
    const waiting = (name: string, other: string) =>
      role(name, {
        argv: [
          ...[process.execPath, '-e', wait],
          ...[[{ ref: 'host', role: other } as const], [{ ref: 'port', role: other } as const]],
          ...serverArgv(name),
        ],
        env: { READY: [{ ref: 'workspace' }, `/${name}-ready`] },
      });
    const roles = [waiting('left', 'right'), waiting('right', 'left')];
    const ready = roles.map(({ name }) => ({
      role: name,
      when: { exec: ['test', '-f', `${name}-ready`] },
      timeoutS: 30,
    }));
    await using run = await sweepFleet({ launcher: cluster(1), roles, plan: { ready } });

    expect(run.results).toMatchObject([{ state: 'completed' }]);
  });

  it('that are a group over two nodes have a process, a log and a folder per rank', async () => {
    const argv = [process.execPath, '-e', RANKED, ...serverArgv('world')];
    const world = role('world', { place: ONE_OF_MANY, argv });
    await using run = await sweepFleet({ launcher: cluster(2), roles: [world] });

    expect(run.results).toMatchObject([{ state: 'completed' }]);
    const { name } = run.results[0]!;
    const logs = await Promise.all([0, 1, 2, 3].map((rank) => run.log(name, `world-0-${rank}.log`)));
    expect(logs.map((log) => /rank \d of 4 in .*(node-\d)/.exec(log)?.slice(0, 2).join(' '))).toEqual([
      expect.stringMatching(/^rank 0 of 4 .*node-0$/),
      expect.stringMatching(/^rank 1 of 4 .*node-0$/),
      expect.stringMatching(/^rank 2 of 4 .*node-1$/),
      expect.stringMatching(/^rank 3 of 4 .*node-1$/),
    ]);
  });

  it('that are a group are refused where the launcher starts none', async () => {
    const launcher = cluster(2);
    const without = {
      ...launcher,
      acquire: async (...args: Parameters<typeof launcher.acquire>) => {
        const lease = await launcher.acquire(...args);
        const { handle, executors } = lease;
        return { handle, executors, [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose]() };
      },
    };
    await using run = await sweepFleet({ launcher: without, roles: [role('world', { place: ONE_OF_MANY })] });

    expect(run.results).toMatchObject([
      {
        state: 'rejected',
        error: { code: 'PLAN_UNSUPPORTED', message: expect.stringMatching(/group/) as string },
      },
    ]);
  });

  it('of which one dies fail the point with its last words, and the others are ended', async () => {
    const roles = [
      role('prefill', { place: WHOLE_NODE }, ['--exit-with', '7']),
      role('decode', { place: WHOLE_NODE }),
    ];
    await using run = await sweepFleet({ launcher: cluster(2), roles });

    expect(run.results).toMatchObject([
      {
        state: 'failed',
        error: {
          code: 'SERVER_DIED',
          message: expect.stringMatching(/^prefill exited with code 7/) as string,
        },
      },
    ]);
    expect(await run.files(run.results[0]!.name)).toEqual(expect.arrayContaining(['logs/prefill-0-0.log']));
  });

  it('of several replicas name the one that dies, its node, and its words without colours', async () => {
    const script = "console.log('\\x1b[2mno\\x1b[0m \\x1b[31mmemory\\x1b[0m'); process.exit(1)";
    const decode = role('decode', { replicas: 2, place: WHOLE_NODE });
    const dying = {
      ...decode,
      argv: ['sh', '-c', `case $PWD in *node-1*) exec node -e "${script}";; esac; exec sleep 600`],
    };
    await using run = await sweepFleet({ launcher: cluster(2), roles: [dying] });

    expect(run.results).toMatchObject([
      {
        error: {
          code: 'SERVER_DIED',
          message: 'decode 1 exited with code 1: no memory',
          where: expect.stringContaining('node-1') as string,
        },
      },
    ]);
  });

  it('of which one never gets ready fail the point after its time', async () => {
    const roles = [role('prefill', {}, ['--never-ready']), role('decode')];
    await using run = await sweepFleet({ launcher: cluster(1), roles, readyWithin: 2 });

    expect(run.results).toMatchObject([
      {
        state: 'failed',
        error: {
          code: 'SERVER_NOT_READY',
          message: expect.stringMatching(/^prefill was not ready within 2 s/) as string,
        },
      },
    ]);
  });

  it('that another program answers for are not measured', async () => {
    const launcher = createLocalLauncher(silentLogger);
    const stolen = {
      ...launcher,
      acquire: async (...args: Parameters<typeof launcher.acquire>) => {
        const lease = await launcher.acquire(...args);
        const [executor] = lease.executors;
        return {
          ...lease,
          [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
          executors: [{ ...executor!, isOurs: () => Promise.resolve(false) }],
        };
      },
    };
    await using run = await sweepFleet({ launcher: stolen, roles: [role('server')] });

    expect(run.results).toMatchObject([
      {
        state: 'failed',
        error: {
          code: 'SERVER_PORT_IN_USE',
          message: expect.stringMatching(/was not started as server/) as string,
        },
        provenance: { retries: [{ code: 'SERVER_PORT_IN_USE' }] },
      },
    ]);
  });
});
