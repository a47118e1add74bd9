import { Command } from 'commander';
import { statusOf, type RunStatus } from '../../schedule/standing.js';
import type { App } from '../app.js';
import { count } from '../count.js';
import { examples } from '../help.js';
import { phaseText } from '../live-view.js';
import { duration, timeLeft } from '../load-line.js';
import { findRun } from '../run-folder.js';

interface StatusOptions {
  readonly resultsDir?: string;
  readonly json?: boolean;
}

export function statusCommand(app: App): Command {
  return new Command('status')
    .argument('<run>', "the run's folder, or its name among the results")
    .option('--results-dir <folder>', "the folder with the runs; default: the workspace's results-dir")
    .option('--json', 'JSON instead of text')
    .addHelpText('after', examples('sweepline status 20260101T120000.000Z'))
    .action(async (given: string, { resultsDir, json = false }: StatusOptions) => {
      const status = await statusOf(await findRun(app, given, resultsDir));
      app.terminal.stdout(json ? `${JSON.stringify(forPrograms(status), undefined, 2)}\n` : textOf(status));
    });
}

/** Without what a run says of its metrics. */
function forPrograms({ run, ...status }: RunStatus) {
  const { outputs: _, ...rest } = run;
  return { ...status, run: rest };
}

const STANDING: Readonly<Record<RunStatus['standing'], string>> = {
  running: 'it is being measured',
  finished: 'it has finished',
  interrupted: 'it was interrupted',
  failed: 'it failed',
  killed: 'its process ended without a word',
  unseen: "it has no recorded end, and its process can't be seen from here",
};

function textOf({ name, standing, run, points, begun, sessions, now }: RunStatus): string {
  const { pid, host } = run.process ?? {};
  const by = standing === 'running' ? `, by process ${pid} on ${host}` : '';
  const why = run.reason === undefined ? '' : `: ${run.reason}`;
  const { all, completed, invalid, failed, left } = points;
  const lines = [
    `${name}: ${STANDING[standing]}${by}${why}`,
    `${count(all, 'point')}: ${completed} completed${invalid === 0 ? '' : ` (${invalid} INVALID)`}, ${failed} failed, ${left} left`,
    ...begun.map((point) => `begun: ${point}${whereText(point, now)}`),
    ...(now === undefined ? [] : nowText(now)),
    ...sessions.map(
      ({ token, runner, launcher, handle = 'nothing yet' }) =>
        `session ${token} on ${runner} (${launcher}): ${handle}`,
    ),
    ...(standing === 'running' || left === 0
      ? []
      : [`sweepline sweep --resume ${name}  measures what is left`]),
  ];
  return `${lines.join('\n')}\n`;
}

type Now = NonNullable<RunStatus['now']>;

/** What is done for a point, where its process says so. */
function whereText(point: string, now: Now | undefined): string {
  const open = now?.open.find(({ name }) => name === point);
  if (open === undefined) return '';
  const { phase, forS, load } = open;
  return load === undefined
    ? `, ${phaseText(phase)} for ${duration(forS)}`
    : `, ${load.phase} ${load.done}/${load.total}, ${Math.round(load.tokensPerS)} tok/s`;
}

/** Where a sweep that runs is. */
function nowText({ queues, leftS, leftErrorS }: Now): readonly string[] {
  const errorS = leftErrorS === undefined ? {} : { errorS: leftErrorS };
  return [
    ...queues.map(
      ({ name, nodes, taken, running, waiting }) =>
        `${name}: ${taken} of ${nodes} nodes taken, ${count(running, 'session')} running, ${waiting} waiting`,
    ),
    ...(leftS === undefined ? [] : [`about ${timeLeft({ seconds: leftS, ...errorS })}`]),
  ];
}
