import type { Layer } from './errors.js';
import type { LoadProgress } from './load/records/progress.js';
import { isValid } from './results/collect.js';
import type { Result } from './results/schema.js';
import type { Phase } from './session-queue.js';
import { createEta, type TimeLeft } from './schedule/eta.js';
import type { QueueFacts, SweepEvent } from './sweep.js';

/** A point that is being measured. */
export interface OpenPoint {
  readonly name: string;
  readonly queue: string;
  readonly phase: Phase;
  /** Monotonic milliseconds at which the phase began. */
  readonly sinceMs: number;
  /** While it is loaded. */
  readonly load?: LoadProgress;
}

/** A queue and what runs in it. */
export interface QueueState extends QueueFacts {
  /** Nodes that its sessions have asked for. */
  readonly taken: number;
  readonly running: number;
  readonly waiting: number;
}

/** Where a sweep is. */
export interface SweepState {
  /** Of the run, those of an earlier process included. */
  readonly points: number;
  readonly ended: number;
  /** `invalid` are among the completed ones. */
  readonly completed: number;
  readonly invalid: number;
  readonly failed: number;
  readonly leftOut: number;
  /** Failed points by the part of the launch that failed; `plan` for errors of the plan or of the workspace. */
  readonly failures: ReadonlyMap<Layer | 'plan', number>;
  readonly queues: readonly QueueState[];
  /** In the order in which they have begun. */
  readonly open: readonly OpenPoint[];
  readonly nodesLeftOut: readonly string[];
  /** How long the rest takes; missing before a first point has ended, and when nothing is left. */
  readonly left?: TimeLeft;
}

/** Follows a sweep's events. */
export interface SweepFollower {
  onEvent(event: SweepEvent): void;
  readonly state: SweepState;
}

export interface FollowedSweep {
  /** Of the run. */
  readonly points: number;
  /** Results that the run has already. */
  readonly earlier?: readonly Result[];
  /** Points that will be measured; the others of the sweep fail at once and take no time. Default: all that are left. */
  readonly measured?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

export function followSweep({
  points,
  earlier = [],
  measured = points - earlier.length,
  now = () => performance.now(),
}: FollowedSweep): SweepFollower {
  const eta = createEta(now);
  /** Points of those to be measured that are no longer left. */
  let gone = 0;
  const counts = { ended: 0, completed: 0, invalid: 0, failed: 0, leftOut: 0 };
  const failures = new Map<Layer | 'plan', number>();
  const queues = new Map<string, QueueState>();
  const queueOf = new Map<string, string>();
  const open = new Map<string, OpenPoint>();
  const nodesLeftOut: string[] = [];
  const count = (result: Result): void => {
    if (result.state === 'interrupted') return;
    counts.ended += 1;
    if (result.state === 'failed') {
      const layer = result.error.layer ?? 'plan';
      counts.failed += 1;
      failures.set(layer, (failures.get(layer) ?? 0) + 1);
      return;
    }
    counts.completed += 1;
    if (!isValid(result)) counts.invalid += 1;
  };
  const change = (name: string, more: Partial<OpenPoint>): void => {
    const point = open.get(name);
    if (point !== undefined) open.set(name, { ...point, ...more });
  };
  const moveSession = (queue: string, by: { nodes: number; running: number; waiting: number }): void => {
    const before = queues.get(queue);
    if (before === undefined) return;
    queues.set(queue, {
      ...before,
      taken: before.taken + by.nodes,
      running: before.running + by.running,
      waiting: before.waiting + by.waiting,
    });
  };
  earlier.forEach(count);
  return {
    onEvent(event) {
      switch (event.type) {
        case 'scheduled':
          for (const queue of event.queues)
            queues.set(queue.name, { ...queue, taken: 0, running: 0, waiting: queue.sessions });
          return;
        case 'session-begun':
          for (const name of event.points) queueOf.set(name, event.queue);
          moveSession(event.queue, { nodes: event.nodes, running: 1, waiting: -1 });
          return;
        case 'session-ended':
          for (const name of event.points) queueOf.delete(name);
          moveSession(event.queue, { nodes: -event.nodes, running: -1, waiting: 0 });
          return;
        case 'point-started': {
          const { name } = event.planned;
          const queue = queueOf.get(name) ?? '';
          if (event.planned.state === 'planned') eta.started(name);
          open.set(name, { name, queue, phase: 'acquire', sinceMs: now() });
          return;
        }
        case 'phase':
          return change(event.name, { phase: event.phase, sinceMs: now() });
        case 'load':
          return change(event.name, { load: event.progress });
        case 'point-ended':
          open.delete(event.result.name);
          if (eta.ended(event.result.name)) gone += 1;
          return count(event.result);
        case 'node-left-out':
          nodesLeftOut.push(event.node);
          return;
        case 'points-left-out':
          counts.leftOut += event.names.length;
          gone += event.names.length;
          for (const { queue, sessions } of event.queues)
            moveSession(queue, { nodes: 0, running: 0, waiting: -sessions });
      }
    },
    get state() {
      const left = eta.left(measured - gone);
      return {
        points,
        ...counts,
        failures,
        queues: [...queues.values()],
        open: [...open.values()],
        nodesLeftOut,
        ...(left !== undefined && { left }),
      };
    },
  };
}
