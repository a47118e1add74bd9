import { createLocalExecutor } from '@sweepline/core/launch';
import type { LeftSession, NodeLauncher } from '@sweepline/core';
import { acquire } from './acquire.js';
import { slurmCommands } from './commands.js';
import { createController } from './controller.js';
import { diagnose } from './diagnose.js';
import { callerEnvironment } from './environment.js';
import { slurmOptions } from './options.js';
import { release } from './release.js';

/** Nodes that Slurm allocates, with pyxis and enroot for containers. */
export const slurm: NodeLauncher = {
  kind: 'launcher',
  name: 'slurm',
  apiVersion: 2,
  options: slurmOptions,
  commands: slurmCommands,
  site: (cluster) => Promise.resolve({ scheduler: cluster?.name ?? 'slurm' }),
  acquire,
  endLeft,
  diagnose,
};

/** Cancels jobs of the session's whole token, if they are the user's own. */
async function endLeft({ token }: LeftSession): Promise<readonly string[]> {
  const controller = createController(createLocalExecutor(), callerEnvironment(process.env).withheld);
  const jobs = await controller.find(token);
  for (const job of jobs) await release(controller, job);
  return jobs.map((job) => `Slurm's job ${job}`);
}
