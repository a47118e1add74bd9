import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../logger.js';
import { makeFolder } from '../../make-folder.js';
import type { Executor } from '../../plugin/node.js';
import { endFamily } from '../family.js';
import { startGuardian } from '../guardian.js';
import { createLocalExecutor } from '../local-executor.js';
import { cancelCommand, hasEnded, jobNameOf, slurmJobs } from './slurm-jobs.js';

/** Milliseconds that what outlived the program has to end. */
const LEFT_OVER_GRACE_MS = 2_000;

/** Where jobs are submitted from; disposing ends what is left of the processes that were started there. */
export interface SubmitHost extends AsyncDisposable {
  readonly executor: Executor;
  readonly user: string;
}

/**
 * This machine, as a cluster's login node. Should Sweepline be killed, its guardian cancels the jobs of that name.
 * @param folder where the workspace is made; jobs have to see it, so it has to be on a file system that the nodes share
 */
export async function openSubmitHost(
  folder: string,
  token: string,
  jobName: string,
  logger: Pick<Logger, 'warn'>,
): Promise<SubmitHost> {
  const workDir = join(folder, 'work');
  await makeFolder(workDir);
  const { username: user } = userInfo();
  const guardian = startGuardian(token, (message) => logger.warn(message));
  guardian.atDeath(cancelCommand(user, jobName));
  return {
    executor: createLocalExecutor({ workDir, session: token, guardian }),
    user,
    async [Symbol.asyncDispose]() {
      await endFamily({ leaders: [], token }, LEFT_OVER_GRACE_MS);
      await guardian.close();
    },
  };
}

/** What a session's file calls its jobs, from before they are submitted. */
export function delegateHandle(token: string): string {
  return `slurm-job-name:${jobNameOf(token)}`;
}

/** Ends the jobs of a session whose Sweepline and guardian are gone; returns their ids. Rejects where some go on. */
export async function endDelegate(token: string, signal: AbortSignal): Promise<readonly string[]> {
  const jobs = slurmJobs(createLocalExecutor(), userInfo().username, jobNameOf(token));
  const before = await jobs.look(signal);
  const running = before.filter(({ state }) => !hasEnded(state)).map(({ id }) => id);
  if (running.length === 0) return [];
  const left = await jobs.cancel();
  if (left.length > 0) throw new Error(`jobs go on: ${left.map(({ id }) => id).join(', ')}`);
  return running;
}
