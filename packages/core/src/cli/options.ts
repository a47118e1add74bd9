import { isAbsolute, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { loadMasterConfigs, type LocatedEntry, type Workspace } from '../config/load.js';
import { SweeplineError } from '../errors.js';
import { expand, type MatrixFilter } from '../matrix/expand.js';
import { pointsOf, type Job } from '../matrix/job.js';
import { checkEntries } from '../plan/check-entries.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { App } from './app.js';

/** Options that choose jobs; names are InferenceX's. */
export interface SelectionOptions extends MatrixFilter {
  readonly configFiles?: readonly string[];
  readonly stepSize: number;
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a positive whole number');
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('expected a whole number, 0 or more');
  return value;
}

export function ratio(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a number above 0 and up to 1');
  return value;
}

function stepSize(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 1) throw new InvalidArgumentError('expected a number above 1');
  return value;
}

/** Adds the options that choose jobs to a command. */
export function withSelection(command: Command): Command {
  return command
    .argument('[config...]', 'master config files, as --config-files')
    .option('--config-files <file...>', "master config files; default: the workspace's default-configs")
    .option('--model-prefix <prefix...>', 'keep entries whose key starts with one of these')
    .option('--precision <precision...>', 'keep these precisions')
    .option('--framework <framework...>', 'keep these frameworks')
    .option('--runner-type <runner...>', 'keep these runners')
    .option('--min-conc <n>', 'lowest concurrency', positiveInteger)
    .option('--max-conc <n>', 'highest concurrency', positiveInteger)
    .option('--step-size <factor>', 'factor between concurrencies', stepSize, 2);
}

/** What a selection comes to. */
export interface Selection {
  readonly configFiles: readonly string[];
  readonly entries: readonly LocatedEntry[];
  readonly jobs: readonly Job[];
}

/** @throws {SweeplineError} for configs with problems; MATRIX_EMPTY when nothing is left to run. */
export async function selectJobs(
  app: App,
  positional: readonly string[],
  options: SelectionOptions,
): Promise<Selection> {
  const configFiles = await configFilesOf(app, [...positional, ...(options.configFiles ?? [])]);
  const entries = await loadMasterConfigs(configFiles, app.cwd);
  const jobs = expand(
    entries.map(({ key, entry }) => [key, entry] as const),
    options,
  );
  return { configFiles, entries, jobs };
}

async function configFilesOf(app: App, given: readonly string[]): Promise<readonly string[]> {
  if (given.length > 0) return given.map((file) => resolve(app.cwd, file));
  const workspace = await app.workspace();
  const defaults = workspace.config['default-configs'];
  if (defaults.length > 0) return defaults.map((file) => inWorkspace(workspace, file));
  throw new SweeplineError('USAGE', 'no config file given, and the workspace has no default-configs', {
    where: { file: workspace.file },
    hint: 'Name config files, or list some under `default-configs:`.',
  });
}

/** A path that a workspace's config gives. */
export function inWorkspace({ root }: Workspace, path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}

/** The selected points, checked and planned: everything that can be wrong without a launch is wrong now. */
export async function planSelection(
  app: App,
  positional: readonly string[],
  options: SelectionOptions,
): Promise<{ readonly configFiles: readonly string[]; readonly points: readonly PlannedPoint[] }> {
  const { configFiles, entries, jobs } = await selectJobs(app, positional, options);
  checkEntries(entries, await app.registry(), await app.runners());
  if (jobs.length === 0) {
    throw new SweeplineError('MATRIX_EMPTY', 'the configs and filters leave no job to run', {
      hint: 'Loosen the filters; `sweepline matrix` shows what is selected.',
    });
  }
  const planner = await app.planner();
  return { configFiles, points: withUniqueNames(jobs.flatMap(pointsOf).map((point) => planner.plan(point))) };
}

/** Points that would share a name get a number behind it. */
function withUniqueNames(points: readonly PlannedPoint[]): readonly PlannedPoint[] {
  const seen = new Map<string, number>();
  return points.map((point) => {
    const count = (seen.get(point.name) ?? 0) + 1;
    seen.set(point.name, count);
    return count === 1 ? point : { ...point, name: `${point.name}-${count}` };
  });
}
