import { mkdir, rm } from 'node:fs/promises';
import { SweeplineError } from '../../errors.js';
import { endFamily } from '../../launch/family.js';
import { startGuardian } from '../../launch/guardian.js';
import { silentLogger } from '../../logger.js';
import { API_VERSION, type Loss, type NodeLauncher } from '../../plugin/index.js';
import { fakeExecutor, type FakeDisk } from './executor.js';
import { startGroup } from './group.js';
import { fakeNodes, holdNodes } from './nodes.js';

export type { FakeDisk };

export interface FakeClusterOptions {
  /** Has a folder per node. All clusters with the same folder share the nodes, also across processes. */
  readonly folder: string;
  readonly nodes: number;
  /** Whether a write fails for lack of space, by node name. Default: there is always space. */
  readonly disks?: Readonly<Record<string, FakeDisk>>;
}

/** Several machines on one: each with its own address and folder, nothing shared, real processes. Linux only. */
export interface FakeCluster {
  readonly launcher: NodeLauncher;
  /** Takes all nodes away from the jobs that hold them through this object, as a time limit or a preemption does. */
  takeAway(loss: string | Loss): Promise<void>;
}

const NO_LIMIT: FakeDisk = { isFullFor: () => false };
const GRACE_MS = 1_000;

export function createFakeCluster({ folder, nodes: count, disks = {} }: FakeClusterOptions): FakeCluster {
  const all = fakeNodes(folder, count);
  const takers = new Set<(loss: string | Loss) => Promise<void>>();
  const launcher: NodeLauncher = {
    kind: 'launcher',
    name: 'fake-cluster',
    apiVersion: API_VERSION,
    site: () => Promise.resolve({ scheduler: 'fake-cluster', nodes: count }),
    async acquire({ nodes: wanted, runner, token, onHandle, avoid = [] }, signal) {
      signal.throwIfAborted();
      if (wanted > count) {
        const message = `the cluster has ${count} nodes, but the job on ${runner} needs ${wanted}`;
        throw new SweeplineError('PLAN_UNSUPPORTED', message, { hint: 'Choose a smaller job.' });
      }
      const handle = `fake:${token}`;
      onHandle(handle);
      const others = all.filter(({ name }) => !avoid.includes(name));
      const held = await holdNodes(others.length < wanted ? all : others, wanted, token, signal);
      const guardian = startGuardian(token, (message) => silentLogger.warn(message));
      const executors = held.nodes.map((node) =>
        fakeExecutor(node, token, guardian, disks[node.name] ?? NO_LIMIT),
      );
      for (const { workDir } of executors) await mkdir(workDir, { recursive: true });
      let lose: (loss: string | Loss) => void = () => {};
      const lost = new Promise<string | Loss>((resolve) => (lose = resolve));
      const taken = async (loss: string | Loss): Promise<void> => {
        lose(loss);
        await endFamily({ leaders: [], token }, 0);
      };
      takers.add(taken);
      let isGiven = false;
      return {
        handle,
        executors,
        lost,
        group: (spec, own) => startGroup(executors, spec, own),
        async [Symbol.asyncDispose]() {
          if (isGiven) return;
          isGiven = true;
          takers.delete(taken);
          await endFamily({ leaders: [], token }, GRACE_MS);
          await guardian.close();
          await Promise.all(executors.map(({ workDir }) => rm(workDir, { recursive: true, force: true })));
          await held[Symbol.asyncDispose]();
        },
      };
    },
  };
  return {
    launcher,
    async takeAway(loss) {
      await Promise.all([...takers].map((take) => take(loss)));
    },
  };
}
