import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeCluster, type FakeClusterOptions } from '../../src/testing/index.js';
import { role, sweepFleet, type FleetOptions } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-cluster-'));
afterAll(() => rm(folder, { recursive: true }));
const cluster = (options: Partial<FakeClusterOptions> = {}) =>
  createFakeCluster({ folder, nodes: 2, ...options });

const reused = { deps: { reuseServer: true } };

/** How often each phase was begun. */
function count(events: readonly { readonly type: string; readonly phase?: string }[], phase: string): number {
  return events.filter((event) => event.phase === phase).length;
}

function byPower(a: unknown, b: unknown): number {
  return (a as { powerW: number }).powerW - (b as { powerW: number }).powerW;
}

describe('a session', () => {
  it('is saved by its token before anything is asked for, and with its handle', async () => {
    const seen: string[] = [];
    let sessions = '';
    const { launcher } = cluster();
    const watching = {
      ...launcher,
      async acquire(...[request, signal]: Parameters<typeof launcher.acquire>) {
        seen.push(await readFile(join(sessions, `${request.token}.json`), 'utf8'));
        return launcher.acquire(request, signal);
      },
    };
    await using run = await sweepFleet({
      launcher: watching,
      roles: [role('server')],
      onStore: ({ folder: run }) => (sessions = join(run, 'sessions')),
    });

    const [file] = await readdir(sessions);
    const token = file?.replace('.json', '');
    expect(JSON.parse(seen[0]!)).toMatchObject({ token, state: 'open', points: [run.results[0]?.name] });
    expect(seen[0]).not.toContain('handle');
    expect(JSON.parse(await readFile(join(sessions, file!), 'utf8'))).toMatchObject({
      token,
      handle: `fake:${token}`,
      state: 'ended',
    });
  });

  it('serves points with equal plans one after another, where that is asked for', async () => {
    await using run = await sweepFleet({
      launcher: cluster().launcher,
      roles: [role('server')],
      concurrencies: [1, 2, 4],
      ...reused,
    });

    expect(run.results.map(({ state, concurrency }) => [state, concurrency])).toEqual([
      ['completed', 1],
      ['completed', 2],
      ['completed', 4],
    ]);
    expect([count(run.events, 'acquire'), count(run.events, 'load')]).toEqual([1, 3]);
    for (const { name } of run.results) {
      expect(await run.files(name)).toEqual(
        expect.arrayContaining(['logs/server-0-0.log', 'records.jsonl', 'result.json']),
      );
    }
  });

  it('is one per point otherwise', async () => {
    await using run = await sweepFleet({
      launcher: cluster().launcher,
      roles: [role('server')],
      concurrencies: [1, 2],
    });

    expect([count(run.events, 'acquire'), count(run.events, 'load')]).toEqual([2, 2]);
  });

  it('whose caches can not be cleared is given up for a fresh one', async () => {
    const reset = { method: 'POST', path: '/no-such-path' } as const;
    const options = { roles: [role('server')], concurrencies: [1, 2], plan: { reset }, ...reused };
    await using run = await sweepFleet({ launcher: cluster().launcher, ...options });

    expect(run.results.map(({ state }) => state)).toEqual(['completed', 'completed']);
    expect(count(run.events, 'acquire')).toBe(2);
    expect(run.events).toContainEqual(
      expect.objectContaining({
        type: 'warning',
        message: expect.stringMatching(/fresh server: .*POST \/no-such-path: answered 404/) as string,
      }),
    );
  });

  it('whose server never gets ready fails all its points, and tries none twice', async () => {
    const options = {
      roles: [role('server', {}, ['--never-ready'])],
      concurrencies: [1, 2, 4],
      readyWithin: 1,
      ...reused,
    };
    await using run = await sweepFleet({ launcher: cluster().launcher, ...options });

    const failed = { state: 'failed', error: { code: 'SERVER_NOT_READY' } };
    expect(run.results).toMatchObject([failed, failed, failed]);
    expect(count(run.events, 'acquire')).toBe(1);
  });

  it('whose server dies under a point fails that one, and the rest get a fresh one', async () => {
    // 13 requests are a point with its warm-up.
    const options = {
      roles: [role('server', {}, ['--die-after', '20'])],
      concurrencies: [1, 2, 4],
      ...reused,
    };
    await using run = await sweepFleet({ launcher: cluster().launcher, ...options });

    expect(run.results).toMatchObject([
      { state: 'completed' },
      { state: 'failed', error: { code: 'SERVER_DIED' } },
      { state: 'completed' },
    ]);
    expect(count(run.events, 'acquire')).toBe(2);
  });

  it('whose nodes are taken away is begun again for the point that was under way, once', async () => {
    const fleet = cluster();
    let losses = 0;
    const onEvent = (event: { type: string; phase?: string }): void => {
      if (event.phase === 'load' && (losses += 1) <= 2) void fleet.takeAway('time limit');
    };
    const options = {
      roles: [role('server', {}, ['--token-ms', '50'])],
      concurrencies: [1, 2],
      onEvent,
      ...reused,
    };
    await using run = await sweepFleet({ launcher: fleet.launcher, ...options });

    const lost = { code: 'LEASE_LOST', message: expect.stringMatching(/taken away: time limit/) as string };
    expect(run.results).toMatchObject([
      { state: 'failed', error: lost, provenance: { retries: [lost] } },
      { state: 'completed' },
    ]);
    expect(run.results[1]?.provenance.retries).toBeUndefined();
  });

  it('whose nodes are taken away at their time limit is not begun again: that would end in the same way', async () => {
    const fleet = cluster();
    const options = {
      roles: [role('server', {}, ['--token-ms', '50'])],
      onEvent: (event: { type: string; phase?: string }) => {
        if (event.phase === 'load') void fleet.takeAway({ reason: 'time limit', again: false });
      },
    };
    await using run = await sweepFleet({ launcher: fleet.launcher, ...options });

    expect(run.results).toMatchObject([{ state: 'failed', error: { code: 'LEASE_LOST', again: false } }]);
    expect(count(run.events, 'acquire')).toBe(1);
  });

  it('has readings of all its nodes during the load, and loses nothing with those that fail', async () => {
    const whole = { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' } as const;
    const roles = [role('prefill', { place: whole }), role('decode', { place: whole })];
    const hardware: FleetOptions['hardware'] = {
      async *telemetry({ node }) {
        yield await Promise.resolve({ unixMs: 1, device: 0, powerW: node.name === 'node-0' ? 300 : 400 });
        if (node.name === 'node-1') throw new Error('no tool');
      },
    };
    await using run = await sweepFleet({ launcher: cluster().launcher, roles, hardware });

    expect(run.results).toMatchObject([{ state: 'completed', files: { telemetry: 'telemetry.ndjson' } }]);
    const lines = (await run.read(run.results[0]!.name, 'telemetry.ndjson')).trim().split('\n');
    const samples = lines.filter((line) => line.includes('powerW'));
    expect(samples.map((line) => JSON.parse(line) as unknown).sort(byPower)).toEqual([
      { node: 'node-0', unixMs: 1, device: 0, powerW: 300 },
      { node: 'node-1', unixMs: 1, device: 0, powerW: 400 },
    ]);
    expect(run.events).toContainEqual(
      expect.objectContaining({
        type: 'warning',
        message: 'hardware plugin fleet gave no readings of node-1: no tool',
      }),
    );
  });

  it('on a node whose disk is full says so: files of a role', async () => {
    const disks = { 'node-0': { isFullFor: (path: string) => path === 'config.json' } };
    const options = { roles: [role('server', { files: { 'config.json': '{}' } })] };
    await using run = await sweepFleet({ launcher: cluster({ disks }).launcher, ...options });

    expect(run.results).toMatchObject([
      {
        state: 'failed',
        error: { message: expect.stringMatching(/node-0.*no space left.*config\.json/) as string },
      },
    ]);
  });

  it('on a node whose disk is full says so: the log of a server that ends when it can not write', async () => {
    const disks = { 'node-0': { isFullFor: (path: string) => path.startsWith('logs/') } };
    await using run = await sweepFleet({ launcher: cluster({ disks }).launcher, roles: [role('server')] });

    expect(run.results).toMatchObject([
      {
        state: 'failed',
        error: { code: 'SERVER_DIED', message: expect.stringMatching(/its log can't be read/) as string },
      },
    ]);
  });
});

describe('two Sweeplines on one cluster', () => {
  it('share its nodes: neither measures on a node of the other, and none waits for ever', async () => {
    const held = new Map<string, number>();
    let most = 0;
    const launcher = () => {
      const { launcher: own } = cluster();
      return {
        ...own,
        async acquire(...args: Parameters<typeof own.acquire>) {
          const lease = await own.acquire(...args);
          const names = lease.executors.map(({ node }) => node.name);
          for (const name of names) held.set(name, (held.get(name) ?? 0) + 1);
          most = Math.max(most, ...held.values());
          return {
            ...lease,
            async [Symbol.asyncDispose]() {
              for (const name of names) held.set(name, (held.get(name) ?? 0) - 1);
              await lease[Symbol.asyncDispose]();
            },
          };
        },
      };
    };
    const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' } as const;
    const roles = [role('prefill', { place }), role('decode', { place })];
    const runs = await Promise.all(
      [0, 1].map(() => sweepFleet({ launcher: launcher(), roles, concurrencies: [1, 2] })),
    );
    try {
      for (const { results } of runs)
        expect(results.map(({ state }) => state)).toEqual(['completed', 'completed']);
      expect(most).toBe(1);
    } finally {
      for (const run of runs) await run[Symbol.asyncDispose]();
    }
  });
});
