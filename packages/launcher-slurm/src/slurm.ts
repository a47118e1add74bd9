import { SweeplineError, type NodeLauncher } from '@sweepline/core';
import { slurmCommands } from './commands.js';
import { slurmOptions } from './options.js';

/** Nodes that Slurm allocates, with pyxis and enroot for containers. */
export const slurm: NodeLauncher = {
  kind: 'launcher',
  name: 'slurm',
  apiVersion: 2,
  options: slurmOptions,
  commands: slurmCommands,
  acquire({ runner }) {
    const error = new SweeplineError(
      'PLAN_UNSUPPORTED',
      `launcher slurm can print plans and not start them yet; the job is for ${runner}`,
      { hint: 'Print its commands with `sweepline plan --node`.' },
    );
    return Promise.reject(error);
  },
};
