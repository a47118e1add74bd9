import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import { makeFolder } from '../../make-folder.js';
import { API_VERSION, type LaunchNeeds, type NodeLauncher } from '../../plugin/index.js';
import { endFamily } from '../family.js';
import { startGuardian } from '../guardian.js';
import { createLocalExecutor } from '../local-executor.js';

/** Milliseconds that what outlived its server has to end. */
const LEFT_OVER_GRACE_MS = 2_000;

/** This machine as the only node; processes run on the host. @param name of launchers of other packages that are made from it */
export function createLocalLauncher(logger: Pick<Logger, 'warn'>, name = 'local'): NodeLauncher {
  const refuses = (needs: LaunchNeeds): string | undefined => refusal(name, needs);
  let warned = false;
  const warnOnce = (message: string): void => {
    if (!warned) logger.warn(message);
    warned = true;
  };
  return {
    kind: 'launcher',
    name,
    apiVersion: API_VERSION,
    refuses,
    async acquire({ runner, nodes, token, localDir, onHandle }, signal) {
      signal.throwIfAborted();
      const reason = refuses({ runner, nodes, images: [], groups: [] });
      if (reason !== undefined) throw new SweeplineError('PLAN_UNSUPPORTED', reason);
      const handle = `${name}:${process.pid}`;
      onHandle(handle);
      const workDir = join(localDir, 'node');
      await makeFolder(workDir);
      const guardian = startGuardian(token, warnOnce);
      return {
        handle,
        executors: [createLocalExecutor({ workDir, session: token, guardian })],
        async [Symbol.asyncDispose]() {
          // Daemons that commands of the set-up left, for example.
          await endFamily({ leaders: [], token }, LEFT_OVER_GRACE_MS);
          await guardian.close();
          await rm(workDir, { recursive: true, force: true });
        },
      };
    },
  };
}

function refusal(
  name: string,
  { runner, nodes, images: [image], groups: [group] }: LaunchNeeds,
): string | undefined {
  if (nodes > 1) return `launcher ${name} has one node, the job on ${runner} needs ${nodes}`;
  if (image !== undefined)
    return `launcher ${name} starts no containers, the job on ${runner} runs in one of ${image}`;
  if (group === undefined) return undefined;
  return `launcher ${name} starts no groups of processes, and ${group} of the job on ${runner} is one`;
}
