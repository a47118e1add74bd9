import { mkdir } from 'node:fs/promises';
import { SweeplineError } from '../../errors.js';
import { API_VERSION, type NodeLauncher } from '../../plugin/index.js';
import { startGuardian } from '../guardian.js';
import { createLocalExecutor } from '../local-executor.js';

/** This machine as the only node; processes run on the host. */
export const localLauncher: NodeLauncher = {
  kind: 'launcher',
  name: 'local',
  apiVersion: API_VERSION,
  async acquire({ runner, nodes, workDir }, signal) {
    signal.throwIfAborted();
    if (nodes > 1) {
      throw new SweeplineError(
        'PLAN_UNSUPPORTED',
        `launcher local has one node, the job on ${runner} needs ${nodes}`,
        {
          hint: 'Give the runner another launcher under `runners:` in configs/sweepline.yaml.',
        },
      );
    }
    await mkdir(workDir, { recursive: true });
    const guardian = startGuardian();
    return {
      handle: `local:${runner}`,
      executors: [createLocalExecutor(guardian)],
      [Symbol.asyncDispose]: () => guardian.close(),
    };
  },
};
