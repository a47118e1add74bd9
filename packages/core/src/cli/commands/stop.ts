import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { SweeplineError } from '../../errors.js';
import { presenceOf } from '../../results/owner.js';
import { statusOf } from '../../schedule/standing.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { findRun } from '../run-folder.js';

/** Milliseconds between two looks. */
const LOOK_MS = 100;

interface StopOptions {
  readonly resultsDir?: string;
}

export function stopCommand(app: App): Command {
  return new Command('stop')
    .argument('<run>', "the run's folder, or its name among the results")
    .option('--results-dir <folder>', "the folder with the runs; default: the workspace's results-dir")
    .addHelpText('after', examples('sweepline stop 20260101T120000.000Z'))
    .action(async (given: string, { resultsDir }: StopOptions) =>
      stop(app, await findRun(app, given, resultsDir)),
    );
}

/** Ends a run as Ctrl-C does, and waits until its process has ended. */
async function stop({ logger, signal }: App, folder: string): Promise<void> {
  const { name, standing, run } = await statusOf(folder);
  if (standing === 'unseen') {
    const { pid, host } = run.process ?? {};
    throw new SweeplineError('RUN_BUSY', `process ${pid} of ${name} on ${host} can't be seen from here`, {
      where: { file: folder },
      hint: 'Stop it from there.',
    });
  }
  if (standing !== 'running' || run.process === undefined) {
    logger.info(`${name} is not being measured: ${standing}`);
    return;
  }
  process.kill(run.process.pid, 'SIGTERM');
  logger.info(`${name} is ending; finished points are kept`);
  while ((await presenceOf(run.process)) === 'here') {
    await delay(LOOK_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
  }
  logger.info(`${name}: ${(await statusOf(folder)).standing}`);
}
