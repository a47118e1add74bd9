import { byLoad, curveOf } from '../matrix/curve.js';
import { globPattern } from '../matrix/glob.js';
import { needsOf } from '../plan/layout.js';
import type { PlannedPoint } from '../plan/plan.js';
import { nameOfPoint } from '../plan/repeats.js';
import { THIS_MACHINE, type Site } from '../plugin/launcher.js';
import type { ResolvedRunner } from '../plan/runners.js';
import type { Estimator } from './estimate.js';
import type { Queue, Task } from './scheduler.js';

/** Points with equal plans, for which one server is started. */
export interface SessionTask extends Task {
  readonly points: readonly PlannedPoint[];
  /** The config names the node, so that no other one can take its place. */
  readonly isPinned: boolean;
}

export interface TaskSettings {
  /** Nodes of a runner's cluster, or else of its label; undefined where the configs don't list them. */
  readonly nodesOf: (runner: ResolvedRunner) => number | undefined;
  /** Nodes besides those of a server: 1 for a client with a node of its own. */
  readonly otherNodes?: number;
  /** Clients run on this machine: there is one at a time. */
  readonly clientsHere?: boolean;
  /** Says how long points take, where something is known of that; asked for only where it decides what comes first. */
  readonly estimator?: () => Promise<Estimator>;
  /** Patterns of points' names that begin before all others, the first one first. */
  readonly first?: readonly string[];
  /** They begin in the order in which they are given, whatever their length: that of points that are measured several times is shuffled. */
  readonly isShuffled?: boolean;
}

/** Where the sessions of a sweep run, and in which order they begin. */
export async function tasksOf(
  sessions: readonly (readonly PlannedPoint[])[],
  settings: TaskSettings,
  signal: AbortSignal,
): Promise<readonly SessionTask[]> {
  const queues = new Map<string, Promise<Queue>>();
  const queueOf = (planned: PlannedPoint): Promise<Queue> => {
    const { cluster, launcherName, label } = planned.runner;
    const key = JSON.stringify([cluster?.name ?? label, launcherName, isDelegated(planned)]);
    const queue = queues.get(key) ?? siteOf(planned, signal).then((site) => queueAt(site, planned, settings));
    queues.set(key, queue);
    return queue;
  };
  const found: SessionTask[] = [];
  for (const points of sessions) {
    const [first] = points;
    if (first === undefined) continue;
    const config = curveOf(first.point);
    const queue = await queueOf(first);
    const seconds = await secondsOf(points, queue, settings);
    found.push({
      ...{ points, config, queue, nodes: nodesFor(first, settings) },
      ...(seconds !== undefined && { seconds }),
      ...{ rank: 0, priority: priorityOf(points, settings.first ?? []), isPinned: isNode(first.runner) },
    });
  }
  return settings.isShuffled ? found : ranked(found);
}

/** Each config's tasks from the lowest load up for the first of them, the others in their order. */
function ranked(tasks: readonly SessionTask[]): readonly SessionTask[] {
  const byConfig = new Map<string, SessionTask[]>();
  for (const task of tasks) byConfig.set(task.config, [...(byConfig.get(task.config) ?? []), task]);
  const ranks = new Map<SessionTask, number>();
  for (const all of byConfig.values()) {
    const canary = all.reduce((least, task) => (byLoad(pointOf(task), pointOf(least)) < 0 ? task : least));
    const inOrder = [canary, ...all.filter((task) => task !== canary)];
    for (const [rank, task] of inOrder.entries()) ranks.set(task, rank);
  }
  return tasks.map((task) => ({ ...task, rank: ranks.get(task) ?? 0 }));
}

function pointOf({ points: [first] }: SessionTask): PlannedPoint['point'] {
  return first!.point;
}

/** One after another, or in an order that is given, points need none by length. */
async function secondsOf(
  points: readonly PlannedPoint[],
  { nodes }: Queue,
  { estimator, isShuffled }: TaskSettings,
): Promise<number | undefined> {
  if (nodes === 1 || isShuffled) return undefined;
  const estimate = await estimator?.();
  const found = points.map((planned) => estimate?.(planned)?.seconds);
  if (found.includes(undefined)) return undefined;
  return found.reduce((sum: number, seconds = 0) => sum + seconds, 0);
}

/** The more, the earlier. */
function priorityOf(points: readonly PlannedPoint[], first: readonly string[]): number {
  const at = first
    .map(globPattern)
    .findIndex((pattern) => points.some((planned) => pattern.test(nameOfPoint(planned))));
  return at < 0 ? 0 : first.length - at;
}

/** A cluster's nodes have its name, an underscore and more; labels are those that it lists. */
function isNode({ cluster, label }: ResolvedRunner): boolean {
  return cluster !== undefined && !cluster.runners.includes(label);
}

function isDelegated(planned: PlannedPoint): boolean {
  return planned.state === 'planned' && planned.plan.kind === 'delegate';
}

/** Nodes of a session; points without a server need none, and wait for none. */
function nodesFor(planned: PlannedPoint, { otherNodes = 0 }: TaskSettings): number {
  if (planned.state !== 'planned') return 0;
  if (planned.plan.kind === 'delegate') return 1;
  return needsOf(planned.plan.roles, planned.runner.sku.devicesPerNode).nodes + otherNodes;
}

/** A launcher that can't say where its sessions run has them on this machine, where they take turns. */
async function siteOf(planned: PlannedPoint, signal: AbortSignal): Promise<Site> {
  const { runner } = planned;
  if (planned.state !== 'planned') return { machine: THIS_MACHINE };
  if (isDelegated(planned)) return { scheduler: runner.cluster?.name ?? runner.label };
  try {
    const { plugin } = runner.launcher();
    return (await plugin.site?.(runner.cluster, signal)) ?? { machine: THIS_MACHINE };
  } catch {
    // Its points fail with the same error, and more is known then.
    return { machine: THIS_MACHINE };
  }
}

function queueAt(
  site: Site,
  { runner }: PlannedPoint,
  { nodesOf, clientsHere = false }: TaskSettings,
): Queue {
  if ('machine' in site) {
    const machines = new Set([site.machine, ...(clientsHere ? [THIS_MACHINE] : [])]);
    return { name: site.machine, nodes: 1, machines: [...machines] };
  }
  const nodes = runner.cluster?.nodes ?? nodesOf(runner) ?? site.nodes ?? 1;
  return { name: site.scheduler, nodes, machines: clientsHere ? [THIS_MACHINE] : [] };
}
