import { SweeplineError, type ErrorCode } from '../errors.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { NodeLauncher, NodeRequest } from '../plugin/launcher.js';
import type { Executor } from '../plugin/node.js';
import type { FakeCluster, FakeDisk } from '../testing/fake-cluster/index.js';
import type { Behaviour, Stage } from './mock-plan.js';

/** Something that goes wrong on fleets, and what has to come of it. */
export interface Fault {
  readonly what: string;
  /** `survived`: the point is measured nevertheless. Else one of the codes is what is said of it. */
  readonly expected: 'survived' | readonly ErrorCode[];
  /** Where it can't happen: without a set-up none fails, and without another node none takes the place of a bad one. */
  readonly happensTo?: (planned: PlannedPoint, nodes: number) => boolean;
  readonly behaviour?: Behaviour;
  readonly disk?: FakeDisk;
  /** Makes it happen to a cluster. */
  readonly on?: (cluster: FakeCluster) => Partial<Stage> & { readonly onLoad?: () => void };
}

/** Seconds after which a stand-in that is never ready counts as such. */
const NEVER_READY_S = 3;

export const FAULTS = {
  'scheduler-silent': {
    what: 'the scheduler does not answer, once',
    expected: 'survived',
    on: (cluster) => ({
      launcher: failingOnce(cluster.launcher, 'SCHEDULER_UNREACHABLE', 'squeue got no answer'),
    }),
  },
  'image-missing': {
    what: 'the image is not in its registry',
    expected: ['IMAGE_UNAVAILABLE'],
    on: ({ launcher }) => ({ launcher: failing(launcher, 'IMAGE_UNAVAILABLE', 'manifest unknown') }),
  },
  'node-unfit': {
    what: 'a node is not as it should be',
    expected: 'survived',
    happensTo: hasOtherNodes,
    on: () => onFirstNode('NODE_UNFIT', 'its driver does not answer'),
  },
  'node-busy': {
    what: "a node's devices are still held by an earlier job",
    expected: 'survived',
    happensTo: hasOtherNodes,
    on: () => onFirstNode('NODE_BUSY', '61 GB of GPU 0 are held'),
  },
  'set-up-fails': {
    what: 'a download of the set-up fails',
    expected: ['SETUP_FAILED'],
    happensTo: hasSetUp,
    behaviour: { setUpArgs: ['--exit-with', '1'] },
  },
  'engine-refuses': {
    what: 'the engine ends at once: it does not know an argument',
    expected: ['SERVER_DIED'],
    behaviour: { engineArgs: ['--exit-with', '2'] },
  },
  'never-ready': {
    what: 'the engine is never ready',
    expected: ['SERVER_NOT_READY'],
    behaviour: { engineArgs: ['--never-ready'], readyWithinS: NEVER_READY_S },
  },
  'other-model': {
    what: 'what answers serves another model',
    expected: ['REQUEST_FAILED', 'LOAD_FAILED', 'SERVER_PORT_IN_USE'],
    behaviour: { model: 'the-model-of-another-job' },
  },
  'dies-under-load': {
    what: 'the engine dies under the load',
    expected: ['SERVER_DIED'],
    behaviour: { engineArgs: ['--die-at-request', '3'] },
  },
  'nodes-lost': {
    what: 'the nodes are taken away under the load, once',
    expected: 'survived',
    on(cluster) {
      let isLost = false;
      const onLoad = (): void => {
        if (!isLost) void cluster.takeAway({ reason: 'preempted for another job' });
        isLost = true;
      };
      return { onLoad };
    },
  },
  'time-limit': {
    what: 'the nodes reach their time limit under the load',
    expected: ['LEASE_LOST'],
    on: (cluster) => ({
      onLoad: () => void cluster.takeAway({ reason: 'it reached its time limit', again: false }),
    }),
  },
  'disk-full': {
    what: "the disk of a node has no room for the server's log",
    expected: ['SERVER_DIED', 'NODE_UNFIT', 'NODE_WRITE_FAILED', 'SERVER_SPAWN_FAILED'],
    disk: { isFullFor: () => true },
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

function hasSetUp({ state, ...planned }: PlannedPoint): boolean {
  if (state !== 'planned' || !('plan' in planned) || planned.plan.kind !== 'serve') return false;
  return planned.plan.roles.some(({ setup = [] }) => setup.length > 0);
}

/** Nodes besides those that a plan needs. */
function hasOtherNodes(_planned: PlannedPoint, others: number): boolean {
  return others > 0;
}

function failing(launcher: NodeLauncher, code: ErrorCode, message: string): NodeLauncher {
  return {
    ...launcher,
    acquire: () => Promise.reject(new SweeplineError(code, message)),
  };
}

function failingOnce(launcher: NodeLauncher, code: ErrorCode, message: string): NodeLauncher {
  let hasFailed = false;
  return {
    ...launcher,
    acquire(request: NodeRequest, signal: AbortSignal) {
      if (hasFailed) return launcher.acquire(request, signal);
      hasFailed = true;
      return Promise.reject(new SweeplineError(code, message));
    },
  };
}

function onFirstNode(code: ErrorCode, message: string): Pick<Stage, 'hardware'> {
  return {
    hardware: {
      preflight: ({ node: { name } }: Executor) =>
        name === FIRST_NODE ? Promise.reject(new SweeplineError(code, message)) : Promise.resolve({}),
    },
  };
}

/** The first one that the fake cluster gives. */
const FIRST_NODE = 'node-0';
