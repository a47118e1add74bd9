import { Command } from 'commander';
import { runsIn, type RunStatus } from '../../schedule/standing.js';
import { textTable } from '../../text-table.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { resultsDirOf } from '../run-folder.js';

interface RunsOptions {
  readonly resultsDir?: string;
  readonly json?: boolean;
}

export function runsCommand(app: App): Command {
  return new Command('runs')
    .option('--results-dir <folder>', "the folder with the runs; default: the workspace's results-dir")
    .option('--json', 'JSON instead of a table')
    .addHelpText('after', examples('sweepline runs', 'sweepline runs --json'))
    .action(async ({ resultsDir, json = false }: RunsOptions) => {
      const folder = await resultsDirOf(app, resultsDir);
      const runs = await runsIn(folder);
      if (runs.length === 0) app.logger.info(`no runs in ${folder}`);
      app.terminal.stdout(json ? `${JSON.stringify(runs.map(brief), undefined, 2)}\n` : tableOf(runs, app));
    });
}

/** Without what a run says of its metrics. */
function brief({ name, folder, standing, run, points }: RunStatus) {
  const { startedAt, finishedAt, reason } = run;
  return { name, folder, standing, startedAt, finishedAt, reason, points };
}

function tableOf(runs: readonly RunStatus[], { terminal }: App): string {
  if (runs.length === 0) return '';
  const rows = runs.map(({ name, standing, points: { all, completed, invalid, failed, rejected, left } }) => [
    name,
    standing,
    ...[all, completed, invalid, failed, rejected, left].map(String),
  ]);
  const head = ['run', 'stands', 'points', 'completed', 'invalid', 'failed', 'rejected', 'left'];
  return textTable([head, ...rows], 'left', terminal.columns);
}
