import { EXIT, SweeplineError, type CommandContext } from '@sweepline/core';
import { object, parsed, text, type Json } from './json.js';
import { runSweepline } from './run-command-line.js';

export interface SweepJobsOptions {
  /** Folders of runs that have measured the same: it is measured on other nodes, where there are some. */
  readonly otherNodesThan?: readonly string[];
}

/**
 * Sweeps jobs (entries of an expanded matrix), as a run of the workspace, in a process of its own.
 * @returns the run's id
 * @throws {SweeplineError} JOB_FAILED for a sweep that ends without a run; points that fail are in the run
 */
export async function sweepJobs(
  context: Pick<CommandContext, 'root' | 'resultsDir' | 'signal' | 'terminal'>,
  jobs: readonly Json[],
  { otherNodesThan = [] }: SweepJobsOptions = {},
): Promise<string> {
  const others = otherNodesThan.length === 0 ? [] : ['--other-nodes-than', ...otherNodesThan];
  const { exitCode, stdout } = await runSweepline(
    context,
    ['sweep', '--matrix', '-', '--results-dir', context.resultsDir, '--json', ...others],
    { input: JSON.stringify(jobs), onStderr: context.terminal.stderr },
  );
  if (exitCode !== EXIT.ok && exitCode !== EXIT.jobFailed && exitCode !== EXIT.resultInvalid)
    throw new SweeplineError('JOB_FAILED', `the sweep ended with exit code ${exitCode}`);
  const run = text(object(object(parsed(stdout))['run'])['id']);
  if (run === undefined) throw new SweeplineError('JOB_FAILED', 'the sweep ended without a run');
  return run;
}
