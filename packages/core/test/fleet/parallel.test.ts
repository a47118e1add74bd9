import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SweeplineError } from '../../src/errors.js';
import type { NodeLauncher } from '../../src/index.js';
import type { Result } from '../../src/results/schema.js';
import type { SweepEvent } from '../../src/sweep.js';
import { createFakeCluster } from '../../src/testing/index.js';
import { role, sweepFleet } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-cluster-'));
afterAll(() => rm(folder, { recursive: true }));
const { launcher } = createFakeCluster({ folder, nodes: 2 });
const server = { launcher, roles: [role('server')] };

/** The most sessions that were open at the same time. */
function mostAtOnce(events: readonly SweepEvent[]): number {
  let [open, most] = [0, 0];
  for (const { type } of events) {
    if (type === 'session-begun') most = Math.max(most, (open += 1));
    if (type === 'session-ended') open -= 1;
  }
  return most;
}

describe('sessions on a cluster', () => {
  it('run at the same time on nodes of their own, and each point is saved once', async () => {
    await using run = await sweepFleet({ ...server, concurrencies: [1, 2, 3, 4], place: 'server-node' });

    expect(mostAtOnce(run.events)).toBe(2);
    expect(run.results.map(({ state, concurrency }) => [state, concurrency])).toEqual([
      ['completed', 1],
      ['completed', 2],
      ['completed', 3],
      ['completed', 4],
    ]);
    const nodes = run.results.map(({ provenance }) => provenance.hardware?.node);
    expect(new Set(nodes)).toEqual(new Set(['node-0', 'node-1']));
    const lines = (await readFile(join(run.folder, 'results.ndjson'), 'utf8')).trim().split('\n');
    const saved = lines.map((line) => (JSON.parse(line) as { result: { name: string } }).result.name);
    expect(saved.sort()).toEqual(run.results.map(({ name }) => name).sort());
  });

  it('take turns where their clients are on one machine', async () => {
    await using run = await sweepFleet({ ...server, concurrencies: [1, 2], place: 'controller' });

    expect(mostAtOnce(run.events)).toBe(1);
    expect(run.results.map(({ state }) => state)).toEqual(['completed', 'completed']);
  });

  it('are tried on another node than the one that was unfit, which is left out when it was twice', async () => {
    const tried: string[] = [];
    await using run = await sweepFleet({
      ...server,
      concurrencies: [1, 2, 4],
      hardware: {
        preflight({ node: { name } }) {
          tried.push(name);
          if (name !== 'node-0') return Promise.resolve({});
          throw new SweeplineError('NODE_UNFIT', 'its driver hangs');
        },
      },
    });

    expect(run.results.map(({ state, provenance }) => [state, provenance.retries?.length ?? 0])).toEqual([
      ['completed', 1],
      ['completed', 1],
      ['completed', 0],
    ]);
    const first = tried.filter((name, index) => name !== tried[index - 1]);
    expect(first).toEqual(['node-0', 'node-1', 'node-0', 'node-1']);
    expect(run.events.filter(({ type }) => type === 'node-left-out')).toEqual([
      { type: 'node-left-out', node: 'node-0', reason: 'NODE_UNFIT: its driver hangs' },
    ]);
  });

  it('of the same point go to nodes that have not measured it, and to any once those can not be had', async () => {
    const asked: (readonly string[])[] = [];
    const picky: NodeLauncher = {
      ...launcher,
      acquire(request, signal) {
        asked.push(request.avoid ?? []);
        if (request.avoid?.includes('node-1')) throw new SweeplineError('ALLOCATION_FAILED', 'no such nodes');
        return launcher.acquire(request, signal);
      },
    };
    await using run = await sweepFleet({
      ...server,
      launcher: picky,
      concurrencies: [1],
      repeat: 3,
      deps: { scheduling: { nodesOf: () => 3 } },
    });

    const places = run.results
      .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
      .map(({ state, provenance }) => [state, provenance.hardware?.node, provenance.retries?.[0]?.code]);
    expect(places).toEqual([
      ['completed', 'node-0', undefined],
      ['completed', 'node-1', undefined],
      ['completed', 'node-0', undefined],
    ]);
    expect(asked).toEqual([[], ['node-0'], ['node-0', 'node-1'], []]);
    expect(run.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))).toEqual([
      'any node will do from now on: no such nodes',
    ]);
    const begun = run.events.flatMap((event) => (event.type === 'session-begun' ? event.points : []));
    expect(begun.map((name) => name.split('.')[1])).toEqual([undefined, 'r3', 'r2']);
  });

  it('go to another node than the one that has measured their point in another run, where there is one', async () => {
    const sweepAfter = (otherRuns: readonly Result[]) =>
      sweepFleet({ ...server, concurrencies: [1], deps: { otherRuns, scheduling: { nodesOf: () => 2 } } });
    await using first = await sweepAfter([]);
    await using second = await sweepAfter(first.results);

    const nodes = [first, second].map(({ results }) => results[0]?.provenance.hardware?.node);
    expect(nodes).toEqual(['node-0', 'node-1']);
  });

  it('leave the rest of a config out once one of them has failed, if that is asked for', async () => {
    const never = [role('server', { argv: ['/bin/false'] })];
    await using run = await sweepFleet({
      ...{ launcher, roles: never, concurrencies: [2, 1, 4], place: 'server-node' },
      deps: { failFast: true },
    });

    expect(run.results.map(({ state, concurrency }) => [concurrency, state]).sort()).toEqual([
      [1, 'failed'],
      [2, 'skipped'],
      [4, 'skipped'],
    ]);
    expect(JSON.parse(await readFile(join(run.folder, 'run.json'), 'utf8'))).toMatchObject({
      state: 'finished',
      points: 3,
      reason: 'another point of their config has failed',
    });
  });
});
