import { access, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { EXIT, SweeplineError } from '../../errors.js';
import { presenceOf } from '../../results/owner.js';
import { readRun } from '../../results/read-run.js';
import { statusOf } from '../../schedule/standing.js';
import type { App } from '../app.js';
import { DETACHED_LOG } from '../detach.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';
import { exitCodeOf } from '../outcome-exit.js';
import { findRun } from '../run-folder.js';

/** Milliseconds between two looks. */
const LOOK_MS = 200;

interface AttachOptions {
  readonly resultsDir?: string;
}

export function attachCommand(app: App): Command {
  return new Command('attach')
    .argument('<run>', "the run's folder, or its name among the results")
    .option('--results-dir <folder>', "the folder with the runs; default: the workspace's results-dir")
    .addHelpText('after', examples('sweepline attach 20260101T120000.000Z'))
    .action(async (given: string, { resultsDir }: AttachOptions) =>
      exitWith(await attach(app, await findRun(app, given, resultsDir))),
    );
}

/** Shows what a detached sweep has said and says, until it has ended. @returns its exit code */
async function attach(app: App, folder: string): Promise<number> {
  const path = join(folder, DETACHED_LOG);
  await access(path).catch((cause: unknown) => {
    throw new SweeplineError('RESULT_READ_FAILED', 'what this run said was not kept', {
      where: { file: path },
      hint: 'It is for sweeps that were started with --detach.',
      cause,
    });
  });
  const { run } = await statusOf(folder);
  await using log = await open(path);
  const decoder = new TextDecoder();
  for (;;) {
    // Looked at before what it wrote last is read.
    const isRunning = run.process !== undefined && (await presenceOf(run.process)) === 'here';
    for (;;) {
      const { buffer, bytesRead } = await log.read();
      if (bytesRead === 0) break;
      app.terminal.stderr(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
    }
    if (!isRunning) break;
    await delay(LOOK_MS, undefined, { signal: app.signal }).catch(() => {});
    if (!app.signal.aborted) continue;
    app.logger.info('the run goes on; sweepline stop ends it');
    return EXIT.ok;
  }
  return exitCodeOf(await readRun(folder));
}
