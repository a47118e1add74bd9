import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { endLeft } from '../end-left.js';
import { formatError, SweeplineError } from '../errors.js';
import type { PlannedPoint } from '../plan/plan.js';
import { namesText } from '../report/notices.js';
import { RUN_FILE } from '../results/run-folder.js';
import { runSchema, type RunInfo } from '../results/run-schema.js';
import { readJson } from '../results/stored-json.js';
import { reopenRun, type OpenRun } from '../schedule/open-run.js';
import { restOf, type Again, type Rest } from '../schedule/resume.js';
import type { SweepDeps } from '../sweep.js';
import type { App } from './app.js';
import { count } from './count.js';
import { findRun } from './run-folder.js';

/** Options that a resumed sweep may be given: all others are those of its beginning. */
const OWN_OPTIONS = [
  'resume',
  'again',
  'takeOver',
  'resultsDir',
  'detach',
  'events',
  'maxHours',
  'maxNodeHours',
  'maxFailures',
  'json',
  'allowInvalid',
];

export interface ResumeOptions {
  readonly resume?: string;
  readonly again?: readonly Again[];
  readonly takeOver?: boolean;
  readonly resultsDir?: string;
}

/** A run to go on with, and the arguments that it was begun with. */
export interface EarlierRun {
  readonly folder: string;
  readonly arguments: readonly string[];
}

/** @throws {SweeplineError} USAGE for options that a resumed sweep can't have, RESULT_READ_FAILED */
export async function earlierRun(
  app: App,
  command: Command,
  { resume, again, takeOver, resultsDir }: ResumeOptions,
): Promise<EarlierRun | undefined> {
  if (resume === undefined) {
    if (again === undefined && takeOver === undefined) return undefined;
    throw new SweeplineError('USAGE', '--again and --take-over are for a run that is resumed', {
      hint: 'Name it with --resume.',
    });
  }
  const others = Object.keys(command.opts()).filter(
    (name) => command.getOptionValueSource(name) === 'cli' && !OWN_OPTIONS.includes(name),
  );
  if (command.args.length + others.length > 0) {
    throw new SweeplineError(
      'USAGE',
      'a sweep is resumed with the configs and options that it was begun with',
      {
        hint: 'Leave them out; configs may be edited in their files.',
      },
    );
  }
  const folder = await findRun(app, resume, resultsDir);
  const run = await readJson(join(folder, RUN_FILE), runSchema);
  return { folder, arguments: argumentsOf(run, folder, app) };
}

function argumentsOf({ command }: RunInfo, folder: string, { cwd }: App): readonly string[] {
  if (command === undefined) {
    throw new SweeplineError('RESULT_READ_FAILED', 'this run does not say how it was begun', {
      where: { file: folder },
      hint: 'Only sweeps can be resumed, and those of earlier versions can not.',
    });
  }
  if (command.cwd === cwd) return command.arguments;
  throw new SweeplineError(
    'USAGE',
    `this run was begun in ${command.cwd}, and its files are named from there`,
    {
      hint: `Resume it there: cd ${command.cwd}`,
    },
  );
}

/** A run that this process measures now, and its points that are to be measured. */
export interface OpenedRun {
  readonly opened: OpenRun;
  readonly points: readonly PlannedPoint[];
  readonly earlier?: NonNullable<SweepDeps['earlier']>;
}

/** Takes the run over, ends what its earlier process left, and finds out what is left to measure. */
export async function resumeRun(
  app: App,
  { folder }: EarlierRun,
  selected: readonly PlannedPoint[],
  { again = [], takeOver = false }: ResumeOptions,
): Promise<OpenedRun> {
  const resolveRunner = await app.runners();
  const resultsDir = dirname(folder);
  const opened = await reopenRun(folder, { takeOver }, (ended) => {
    const taken = { name: basename(folder), ended };
    return endLeft({ resultsDir, taken, resolveRunner, logger: app.logger }, app.signal);
  });
  const { run, ends, problems, journal } = opened;
  for (const problem of problems) app.logger.warn(`not a result: ${formatError(problem)}`);
  if (journal.damaged !== undefined)
    app.logger.warn(`the journal was damaged, and is only whole up to there; a copy: ${journal.damaged}`);
  const rest = restOf({ run, ends, journal: journal.before, points: selected, again });
  tellRest(rest, app);
  const { left: points, kept, pointNames } = rest;
  return { opened, points, earlier: { run, kept, pointNames } };
}

/** What has changed since the run was begun, and what is done about it. */
function tellRest({ left, kept, added, removed, changed }: Rest, { logger }: App): void {
  const tell = (names: readonly string[], what: string): void => {
    if (names.length > 0) logger.info(`${count(names.length, 'point')} ${what}: ${namesText(names)}`);
  };
  const stay = new Set(kept.map(({ name }) => name));
  tell(added, 'that the configs have now, and are measured too');
  tell(removed, 'that the configs have no more, and are not measured');
  tell(
    changed.filter((name) => stay.has(name)),
    'that would be launched in another way now, and keep their results (--again changed)',
  );
  logger.info(`${count(kept.length, 'point')} of ${kept.length + left.length} stay as they are`);
}
