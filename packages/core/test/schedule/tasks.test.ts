import { expect, it } from 'vitest';
import type { PlannedPoint } from '../../src/plan/plan.js';
import type { Cluster } from '../../src/plugin/cluster.js';
import type { Site } from '../../src/plugin/launcher.js';
import type { Estimator } from '../../src/schedule/estimate.js';
import { nodesListedFor } from '../../src/schedule/nodes-of.js';
import { createScheduler } from '../../src/schedule/scheduler.js';
import { tasksOf, type TaskSettings } from '../../src/schedule/tasks.js';

const never = new AbortController().signal;

interface Given {
  readonly label?: string;
  readonly cluster?: Partial<Cluster>;
  readonly site?: (() => Promise<Site>) | undefined;
  readonly concurrency?: number;
  readonly model?: string;
}

function point(name: string, { label = 'h200', cluster, site, concurrency = 1, model = name }: Given = {}) {
  const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 8, wireUp: 'none' };
  const plugin = { site };
  return {
    ...{ name, state: 'planned', point: { job: { model }, concurrency } },
    runner: { label, cluster, launcherName: 'l', sku: { devicesPerNode: 8 }, launcher: () => ({ plugin }) },
    plan: { kind: 'serve', roles: [{ name: 'server', replicas: 1, ports: [], place }] },
  } as unknown as PlannedPoint;
}

const tasks = async (points: readonly PlannedPoint[], settings: Partial<TaskSettings> = {}) =>
  tasksOf(
    points.map((one) => [one]),
    { nodesOf: () => undefined, ...settings },
    never,
  );

it('without a word of the launcher, and where it fails to say it, sessions take turns on this machine', async () => {
  const failing = () => Promise.reject(new Error('docker does not answer'));
  const [one, other] = await tasks([point('a'), point('b', { label: 'x', site: failing })]);
  expect([one?.queue, other?.queue]).toEqual([
    { name: 'this machine', nodes: 1, machines: ['this machine'] },
    { name: 'this machine', nodes: 1, machines: ['this machine'] },
  ]);
});

it('a cluster has as many sessions as it has nodes: by its entry, by the runner config, or by its launcher', async () => {
  const site = () => Promise.resolve({ scheduler: 'big', nodes: 2 });
  const cluster = { name: 'big', runners: ['h200'] };
  const labels = { h200: ['big_0', 'big_1', 'big_2'], other: ['big_3', 'small_0'] };
  const [named] = await tasks([point('a', { cluster: { ...cluster, nodes: 9 }, site })]);
  const [listed] = await tasks([point('a', { cluster, site })], { nodesOf: nodesListedFor(labels) });
  const [unlisted] = await tasks([point('a', { cluster, site })], { nodesOf: nodesListedFor({}) });
  expect([named, listed, unlisted].map((task) => task?.queue.nodes)).toEqual([9, 4, 2]);
  expect(listed?.queue).toMatchObject({ name: 'big', machines: [] });
});

it('clients on this machine, and a node for the client, are part of what a session needs', async () => {
  const site = () => Promise.resolve({ scheduler: 'big' });
  const [task] = await tasks([point('a', { site })], { clientsHere: true, otherNodes: 1 });
  expect([task?.nodes, task?.queue.machines]).toEqual([2, ['this machine']]);
});

it('the lowest concurrency of a curve comes first, the others as they are; other jobs are other curves', async () => {
  const found = await tasks([
    point('a-4', { concurrency: 4, model: 'a' }),
    point('a-1', { concurrency: 1, model: 'a' }),
    point('a-2', { concurrency: 2, model: 'a' }),
    point('b-8', { concurrency: 8, model: 'b' }),
  ]);
  expect(found.map(({ rank }) => rank)).toEqual([1, 0, 2, 0]);
  expect(new Set(found.map(({ config }) => config)).size).toBe(2);
});

it('points in a shuffled order keep it: neither their load nor their length changes it', async () => {
  const site = () => Promise.resolve({ scheduler: 'big', nodes: 2 });
  const estimate: Estimator = ({ name }) => ({ seconds: name === 'a-4' ? 10 : 60, basis: 'point' });
  const found = await tasks(
    [4, 1, 2].map((concurrency) => point(`a-${concurrency}`, { concurrency, model: 'a', site })),
    { isShuffled: true, estimator: () => Promise.resolve(estimate) },
  );
  const scheduler = createScheduler(found);
  expect([scheduler.next(), scheduler.next()].map((task) => task?.points[0]?.name)).toEqual(['a-4', 'a-1']);
});

it('where several run at once, a session is as long as its points by earlier ones, if that is known of each', async () => {
  const site = () => Promise.resolve({ scheduler: 'big', nodes: 2 });
  const estimate: Estimator = ({ name }) => (name === 'new' ? undefined : { seconds: 60, basis: 'point' });
  const [known, unknown, alone] = await tasksOf(
    [[point('a', { site }), point('b', { site })], [point('new', { site })], [point('c', { label: 'x' })]],
    { nodesOf: () => undefined, estimator: () => Promise.resolve(estimate) },
    never,
  );
  expect([known?.seconds, unknown?.seconds, alone?.seconds]).toEqual([120, undefined, undefined]);
});

it('patterns put points first, the first pattern before the second', async () => {
  const found = await tasks([point('x'), point('dsr1'), point('gptoss')], { first: ['gpt*', 'dsr1*'] });
  expect(found.map(({ priority }) => priority)).toEqual([0, 1, 2]);
});

it('a node that a config names has no other in its place', async () => {
  const cluster = { name: 'big', runners: ['h200'] };
  const found = await tasks([
    point('a', { cluster, label: 'big_3' }),
    point('b', { cluster, label: 'h200' }),
  ]);
  expect(found.map(({ isPinned }) => isPinned)).toEqual([true, false]);
});
