import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EXIT,
  readRun,
  SweeplineError,
  type CommandContext,
  type CompletedResult,
  type Result,
} from '@sweepline/core';
import { list, object, parsed, text } from '../json.js';
import { runSweepline } from '../run-command-line.js';
import { sweepJobs } from '../sweep-jobs.js';

/** A run of a point, after that of the bundle. */
export interface RunAgain {
  /** Its run, if it is among the workspace's results. */
  readonly run?: string;
  readonly result: CompletedResult;
  /** Content of its plan.json, if it has one. */
  readonly plan?: unknown;
}

/** Sweeps a result's job, as a run of the workspace. @throws {SweeplineError} JOB_FAILED when there is no result to compare with */
export async function runPoint(context: CommandContext, original: Result): Promise<RunAgain> {
  const { resultsDir } = context;
  const run = await sweepJobs(context, [original.job]);
  const { results } = await readRun(join(resultsDir, run));
  const result = results.find(({ concurrency }) => concurrency === original.concurrency);
  if (result?.state === 'completed') {
    const file = join(resultsDir, run, 'points', result.name, result.files?.plan ?? 'plan.json');
    return { run, result, plan: parsed(await readFile(file, 'utf8').catch(() => undefined)) };
  }
  const why = result?.state === 'failed' ? `: ${result.error.code}: ${result.error.message}` : '';
  throw new SweeplineError('JOB_FAILED', `the point ${result?.state ?? 'has no result'} in ${run}${why}`);
}

/** What `sweepline plan` prints for a result's job in this workspace, or why there is no plan. */
export async function planHere(
  context: Pick<CommandContext, 'root' | 'signal'>,
  { job }: Result,
): Promise<{ readonly plan: unknown } | { readonly problem: string }> {
  const said: string[] = [];
  const { exitCode, stdout } = await runSweepline(context, ['plan', '--matrix', '-', '--json'], {
    input: JSON.stringify([job]),
    onStderr: (text) => said.push(text),
  });
  if (exitCode !== EXIT.ok) return { problem: said.join('').trim() || `exit code ${exitCode}` };
  const [plan] = list(parsed(stdout));
  const reason = text(object(plan?.['rejected'])['reason']) ?? text(plan?.['rejected']);
  return reason === undefined ? { plan } : { problem: `rejected: ${reason}` };
}
