import { nodesForClient } from './measure/client-place.js';
import { nodeChoices } from './node-choice.js';
import type { PlannedPoint } from './plan/plan.js';
import { sessionsOf } from './plan/sessions.js';
import { keepRun, STOPPED, type Progress, type SweepOutcome, type WorkEnd } from './report/keep-run.js';
import { inOrderOf } from './results/in-order.js';
import type { PointEnd } from './results/point-end.js';
import { readResultLines } from './results/result-lines.js';
import { runBegun, runResumed, type RunBeginning } from './results/run-info.js';
import type { RunInfo } from './results/run-schema.js';
import type { Result, Skip } from './results/schema.js';
import { createNodeClock, spentBy, type Budget, type NodeClock } from './schedule/budget.js';
import { runTasks } from './schedule/run-tasks.js';
import { createScheduler } from './schedule/scheduler.js';
import { tasksOf, type SessionTask, type TaskSettings } from './schedule/tasks.js';
import type { Phase, PointDeps, PointEvent } from './session-queue.js';
import { skipPoints } from './skip-points.js';
import { sweepSession } from './sweep-session.js';

export type { SweepOutcome };

/** Events of a running sweep. */
export type SweepEvent =
  | Exclude<PointEvent, { readonly type: 'point-started' }>
  | (Extract<PointEvent, { readonly type: 'point-started' }> & Place)
  | ({ readonly type: 'point-ended'; readonly result: Result } & Place)
  | { readonly type: 'scheduled'; readonly queues: readonly QueueFacts[] }
  | ({ readonly type: 'session-begun' | 'session-ended' } & SessionPlace)
  | SweepNote;

/** A queue before anything has begun. */
export interface QueueFacts {
  readonly name: string;
  /** That its sessions may hold at the same time. */
  readonly nodes: number;
  /** Number of sessions that wait in it. */
  readonly sessions: number;
}

/** Where a session runs, and what for. */
export interface SessionPlace {
  readonly queue: string;
  /** That it takes. */
  readonly nodes: number;
  readonly points: readonly string[];
}

/** What a sweep decides about nodes and points that it doesn't use. */
export type SweepNote =
  | { readonly type: 'node-left-out'; readonly node: string; readonly reason: string }
  | {
      readonly type: 'points-left-out';
      readonly names: readonly string[];
      readonly reason: string;
      /** Numbers of their sessions, which wait no more. */
      readonly queues: readonly { readonly queue: string; readonly sessions: number }[];
    };

interface Place {
  /** How many points of the run have begun, this one included. */
  readonly index: number;
  /** Of all points of the run. */
  readonly of: number;
}

export interface SweepDeps
  extends
    Omit<PointDeps, 'onEvent' | 'nodes'>,
    Pick<RunBeginning, 'configFiles' | 'process' | 'command' | 'repeats' | 'changelog'> {
  /** What the run has already, if it is resumed: then only what is left of it is measured. */
  readonly earlier?: {
    readonly run: RunInfo;
    /** Points whose results stay. */
    readonly kept: readonly PointEnd[];
    /** Of all points of the run. */
    readonly pointNames: readonly string[];
  };
  /** Default: as much as it takes. */
  readonly budget?: Budget;
  /** Which sessions may run at the same time. Default: one after another, where nothing says what nodes there are. */
  readonly scheduling?: Partial<Pick<TaskSettings, 'nodesOf' | 'first' | 'estimator'>>;
  /** Points of a config are left out once another one of it has failed. */
  readonly failFast?: boolean;
  /** Names of points in the order in which they begin, where that is not the one in which they are given. */
  readonly order?: readonly string[];
  /** Points with equal plans share a server. Default: each has its own. */
  readonly reuseServer?: boolean;
  /** Results of other runs: points ask for other nodes than those that have measured them there. */
  readonly otherRuns?: readonly Result[];
  readonly onEvent: (event: SweepEvent) => void;
}

/**
 * Runs planned points, in sessions that the scheduler lets begin, and saves each point when it ends. A failing point becomes a `failed`
 * result and the sweep continues; one whose plan is refused becomes a `rejected` one. It ends early when `signal` is aborted (running points are stopped and saved as interrupted), when its
 * budget is spent (no further server is started) and when results can't be saved: then there is no use in measuring more. Saved points
 * stay.
 */
export async function sweep(
  points: readonly PlannedPoint[],
  deps: SweepDeps,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const { runId: id, version: sweepline, now, earlier, order = [], reuseServer: reuse = false } = deps;
  const pointNames = earlier?.pointNames ?? points.map(({ name }) => name);
  const first = runBegun({ ...deps, id, sweepline, startedAt: now().toISOString(), pointNames });
  const begun = earlier === undefined ? first : runResumed(earlier.run, first);
  const tasks = await tasksOf(sessionsOf(inOrderOf(order, points), { reuse }), taskSettings(deps), signal);
  const measure = (progress: Progress): Promise<WorkEnd> =>
    measureAll(tasks, progress, deps, { of: pointNames.length, before: earlier?.kept.length ?? 0 }, signal);
  return keepRun(begun, deps, signal, measure, () => keptResults(deps));
}

/** They are read when they are needed: a run may have thousands. */
async function keptResults({ earlier, store }: SweepDeps): Promise<readonly Result[]> {
  if (earlier === undefined) return [];
  const kept = new Set(earlier.kept.map(({ name }) => name));
  const { lines } = await readResultLines(store.folder);
  return lines.flatMap(({ result }) => (kept.has(result.name) ? [result] : []));
}

/** Which tasks may run side by side. */
export function taskSettings({
  scheduling = {},
  client: { place },
  repeats,
}: Pick<SweepDeps, 'scheduling' | 'client' | 'repeats'>): TaskSettings {
  return {
    nodesOf: () => undefined,
    ...scheduling,
    otherNodes: nodesForClient(place),
    clientsHere: place === 'controller',
    isShuffled: repeats !== undefined,
  };
}

/** Numbers of points: of all, and of those that have a result already. */
interface Counts {
  readonly of: number;
  readonly before: number;
}

async function measureAll(
  tasks: readonly SessionTask[],
  progress: Progress,
  deps: SweepDeps,
  counts: Counts,
  signal: AbortSignal,
): Promise<WorkEnd> {
  const { budget = {}, failFast = false, repeats, otherRuns = [], onEvent } = deps;
  const clock = createNodeClock(() => performance.now());
  const beginMs = performance.now();
  const kept = repeats === undefined ? [] : await keptResults(deps);
  const choiceFor = nodeChoices({ earlier: kept, otherRuns }, (node, reason) =>
    onEvent({ type: 'node-left-out', node, reason }),
  );
  const placeOf = numberedFrom(counts);
  const begun = new Set<string>();
  const leftOut: SessionTask[] = [];
  let failed = 0;
  onEvent({ type: 'scheduled', queues: queuesOf(tasks) });
  const run = async (task: SessionTask, whole: AbortSignal): Promise<{ readonly failed: boolean }> => {
    let isFailed = false;
    const place = { queue: task.queue.name, nodes: task.nodes, points: namesOf([task]) };
    const holding = holdWhileServing(clock, task.nodes);
    const nodes = choiceFor(task);
    const onPoint = (event: PointEvent): void => {
      if (event.type === 'phase') holding.onPhase(event.phase);
      if (event.type === 'point-started') {
        begun.add(event.planned.name);
        progress.begins(event.planned.name);
      }
      onEvent(event.type === 'point-started' ? { ...event, ...placeOf(event.planned.name) } : event);
    };
    onEvent({ type: 'session-begun', ...place });
    try {
      const own = { ...deps, nodes, onEvent: onPoint };
      for await (const result of sweepSession(task.points, own, whole)) {
        if (result.state === 'failed') failed += 1;
        // Of a point that can't be launched others of its config say nothing.
        isFailed ||= result.state === 'failed' && task.points[0]?.state === 'planned';
        progress.ended(result);
        onEvent({ type: 'point-ended', result, ...placeOf(result.name) });
      }
    } finally {
      holding.end();
      nodes.end();
      onEvent({ type: 'session-ended', ...place });
    }
    return { failed: isFailed };
  };
  const onLeftOut = (out: readonly SessionTask[]): void => {
    leftOut.push(...out);
    const queues = queuesOf(out).map(({ name: queue, sessions }) => ({ queue, sessions }));
    onEvent({ type: 'points-left-out', names: namesOf(out), reason: CONFIG_FAILED, queues });
  };
  const spent = (): string | undefined =>
    spentBy(budget, { ms: performance.now() - beginMs, nodeMs: clock.ms, failed });
  const early = await runTasks(createScheduler(tasks, { failFast }), { run, spent, onLeftOut }, signal);
  const skip = async (skipped: readonly SessionTask[], by: Skip): Promise<void> => {
    const points = skipped.flatMap((task) => task.points).filter(({ name }) => !begun.has(name));
    for (const result of await skipPoints(points, by, deps)) progress.ended(result);
  };
  await skip(leftOut, { code: 'fail-fast', message: CONFIG_FAILED });
  const end = signal.aborted ? STOPPED_SKIP : early && { code: 'budget' as const, message: early };
  if (end) await skip(without(tasks, leftOut), end);
  return { early, ...(leftOut.length > 0 && { leftOut: CONFIG_FAILED }) };
}

const CONFIG_FAILED = 'another point of their config has failed';
const STOPPED_SKIP: Skip = { code: 'stop', message: STOPPED };

function without(tasks: readonly SessionTask[], others: readonly SessionTask[]): readonly SessionTask[] {
  const left = new Set(others);
  return tasks.filter((task) => !left.has(task));
}

function namesOf(tasks: readonly SessionTask[]): readonly string[] {
  return tasks.flatMap(({ points }) => points.map(({ name }) => name));
}

/** Numbers points as they begin. */
function numberedFrom({ before, of }: Counts): (name: string) => Place {
  const numbers = new Map<string, number>();
  return (name) => {
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return { index: before + number, of };
  };
}

function queuesOf(tasks: readonly SessionTask[]): readonly QueueFacts[] {
  const queues = new Map<string, QueueFacts>();
  for (const { queue } of tasks) {
    const sessions = (queues.get(queue.name)?.sessions ?? 0) + 1;
    queues.set(queue.name, { name: queue.name, nodes: queue.nodes, sessions });
  }
  return [...queues.values()];
}

/** Counts the time from when a session has its nodes: it may be without any before it is tried again. */
function holdWhileServing(clock: NodeClock, nodes: number) {
  let end = (): void => {};
  return {
    onPhase(phase: Phase): void {
      if (phase === 'acquire') end();
      if (phase === 'start') end = clock.hold(nodes);
    },
    end: (): void => end(),
  };
}
