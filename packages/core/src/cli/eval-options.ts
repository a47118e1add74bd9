import { Option, type Command } from 'commander';
import { loadEvals } from '../config/load.js';
import { SweeplineError } from '../errors.js';
import { chooseEvals, withoutEvals, type EvalChoice } from '../matrix/evals/chosen.js';
import type { App } from './app.js';
import type { Selection } from './selection.js';

/** Which jobs are asked. */
export interface EvalOptions extends EvalChoice {
  /** False for --no-evals. */
  readonly evals?: boolean;
}

/** Adds the options that say which jobs are asked. */
export function withEvalOptions(command: Command): Command {
  return command
    .option(
      '--evals',
      "ask the servers of the jobs that InferenceX's generator marks the tasks of configs/evals.yaml",
    )
    .addOption(new Option('--no-evals', 'ask none, whatever a matrix or the changelog marks'))
    .option('--all-evals', 'ask the servers of all jobs')
    .option('--evals-only', 'ask the servers of the marked jobs, or with --all-evals of all, and load none');
}

/**
 * A selection whose jobs are marked as the options say.
 * @throws {SweeplineError} USAGE for options that contradict each other; CONFIG_NOT_FOUND where jobs are to be asked and no config says what
 */
export async function markedSelection(
  app: App,
  selection: Selection,
  { evals, allEvals = false, evalsOnly = false }: EvalOptions,
): Promise<Selection> {
  if (evals === false) {
    if (allEvals || evalsOnly)
      throw new SweeplineError('USAGE', '--no-evals is given with --all-evals or --evals-only');
    return { ...selection, jobs: withoutEvals(selection.jobs) };
  }
  if (evals === undefined && !allEvals && !evalsOnly) return selection;
  const { root } = await app.workspace();
  if ((await loadEvals(root, app.cwd)) === undefined) {
    throw new SweeplineError(
      'CONFIG_NOT_FOUND',
      `there is no configs/evals.yaml, which says what jobs are asked`,
      {
        hint: 'Write one: docs/evals.md has an example.',
      },
    );
  }
  const jobs = chooseEvals(selection.jobs, selection.dialect, { evals: evals === true, allEvals, evalsOnly });
  const whyNothing = (): string =>
    selection.jobs.length === 0
      ? selection.whyNothing()
      : 'no job is marked for an eval; --all-evals asks the servers of all';
  return { ...selection, jobs, whyNothing };
}
