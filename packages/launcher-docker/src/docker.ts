import { SweeplineError, type NodeLauncher } from '@sweepline/core';
import { dockerCommands } from './commands.js';
import { dockerOptions } from './options.js';

/** One node on which containers are started by `docker run`. */
export const docker: NodeLauncher = {
  kind: 'launcher',
  name: 'docker',
  apiVersion: 2,
  options: dockerOptions,
  commands: dockerCommands,
  acquire({ runner }) {
    const error = new SweeplineError(
      'PLAN_UNSUPPORTED',
      `launcher docker can print plans and not start them yet; the job is for ${runner}`,
      { hint: 'Print its commands with `sweepline plan --node`.' },
    );
    return Promise.reject(error);
  },
};
