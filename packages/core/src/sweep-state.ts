import type { Layer } from './errors.js';
import type { LoadProgress } from './load/records/progress.js';
import { endOf, type PointEnd } from './results/point-end.js';
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
  readonly rejected: number;
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
  readonly onEvent: (event: SweepEvent) => void;
  readonly state: SweepState;
}

export interface FollowedSweep {
  /** Of the run. */
  readonly points: number;
  /** Points of the run that have a result already. */
  readonly earlier?: readonly PointEnd[];
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
  const counts = createCounts();
  const queues = createQueues();
  const open = new Map<string, OpenPoint>();
  const nodesLeftOut: string[] = [];
  /** Points of those to be measured that are no longer left. */
  let gone = 0;
  const change = (name: string, more: Partial<OpenPoint>): void => {
    const point = open.get(name);
    if (point !== undefined) open.set(name, { ...point, ...more });
  };
  earlier.forEach(counts.add);
  return {
    onEvent(event) {
      queues.onEvent(event);
      switch (event.type) {
        case 'point-started': {
          const { name, state } = event.planned;
          if (state === 'planned') eta.started(name);
          open.set(name, { name, queue: queues.ofPoint(name), phase: 'acquire', sinceMs: now() });
          return;
        }
        case 'phase':
          change(event.name, { phase: event.phase, sinceMs: now() });
          return;
        case 'load':
          change(event.name, { load: event.progress });
          return;
        case 'point-ended':
          open.delete(event.result.name);
          if (eta.ended(event.result.name)) gone += 1;
          counts.add(endOf(event.result));
          return;
        case 'node-left-out':
          nodesLeftOut.push(event.node);
          return;
        case 'points-left-out':
          counts.leaveOut(event.names.length);
          gone += event.names.length;
      }
    },
    get state() {
      const left = eta.left(measured - gone);
      return {
        points,
        ...counts.now(),
        queues: queues.now(),
        open: [...open.values()],
        nodesLeftOut,
        ...(left !== undefined && { left }),
      };
    },
  };
}

type Counts = Pick<
  SweepState,
  'ended' | 'completed' | 'invalid' | 'failed' | 'rejected' | 'leftOut' | 'failures'
>;

/** Counts points by how they have ended. */
function createCounts() {
  const counts = { ended: 0, completed: 0, invalid: 0, failed: 0, rejected: 0, leftOut: 0 };
  const failures = new Map<Layer | 'plan', number>();
  return {
    add: ({ state, isValid, layer }: PointEnd): void => {
      if (state === 'interrupted' || state === 'skipped') return;
      counts.ended += 1;
      if (state === 'rejected') {
        counts.rejected += 1;
        return;
      }
      if (state === 'failed') {
        const part = layer ?? 'plan';
        counts.failed += 1;
        failures.set(part, (failures.get(part) ?? 0) + 1);
        return;
      }
      counts.completed += 1;
      if (!isValid) counts.invalid += 1;
    },
    leaveOut: (points: number): void => void (counts.leftOut += points),
    now: (): Counts => ({ ...counts, failures }),
  };
}

/** Follows what runs and waits in each queue. */
function createQueues() {
  const queues = new Map<string, QueueState>();
  const queueOf = new Map<string, string>();
  const move = (name: string, by: Pick<QueueState, 'taken' | 'running' | 'waiting'>): void => {
    const before = queues.get(name);
    if (before === undefined) return;
    const { taken, running, waiting } = before;
    queues.set(name, {
      ...before,
      ...{ taken: taken + by.taken, running: running + by.running, waiting: waiting + by.waiting },
    });
  };
  return {
    onEvent(event: SweepEvent): void {
      switch (event.type) {
        case 'scheduled':
          for (const queue of event.queues)
            queues.set(queue.name, { ...queue, taken: 0, running: 0, waiting: queue.sessions });
          return;
        case 'session-begun':
          for (const name of event.points) queueOf.set(name, event.queue);
          move(event.queue, { taken: event.nodes, running: 1, waiting: -1 });
          return;
        case 'session-ended':
          for (const name of event.points) queueOf.delete(name);
          move(event.queue, { taken: -event.nodes, running: -1, waiting: 0 });
          return;
        case 'points-left-out':
          for (const { queue, sessions } of event.queues)
            move(queue, { taken: 0, running: 0, waiting: -sessions });
      }
    },
    ofPoint: (name: string): string => queueOf.get(name) ?? '',
    now: (): readonly QueueState[] => [...queues.values()],
  };
}
