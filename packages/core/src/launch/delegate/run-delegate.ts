import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, messageOf } from '../../errors.js';
import { resolveText, resolveValues, placeholderResolver, type Circumstances } from '../../plan/resolve.js';
import type { DelegatePlan, SubmitSpec } from '../../plugin/launch-plan.js';
import type { Executor } from '../../plugin/node.js';
import { bytesOf } from '../files.js';
import { endOfLog, logFileOf, pathOf, type ServerLog } from '../server-logs.js';
import { readResults, type DelegateResult } from './result-files.js';
import type { SlurmJob, SlurmJobs } from './slurm-jobs.js';

/** Milliseconds after which a shared file system shows what nodes wrote: 60 s is nfs(5)'s acdirmax. */
const [FILES_MS, FILES_WAIT_MS] = [65_000, 5_000];
/** Milliseconds between SIGTERM and SIGKILL for a command. */
const STOP_GRACE_MS = 10_000;
const SUBMIT_ROLE = 'submit';
const JOB_ROLE = 'job';

export interface DelegateOptions {
  /** Of the node that jobs are submitted from; its `workDir` is the plan's workspace. */
  readonly executor: Executor;
  /** Name that the program's jobs get. */
  readonly jobName: string;
  readonly jobs: SlurmJobs;
  /** Of the points that are measured: a result is waited for where a job completed. */
  readonly concurrencies: readonly number[];
  readonly circumstances: Circumstances;
  readonly onPhase: (phase: 'start' | 'load') => void;
  /** Called with a sentence for people where jobs may go on that were to end. */
  readonly onLeft: (what: string) => void;
}

/** What came of a delegate: its jobs, and the results and logs that they left. */
export interface DelegateOutcome {
  readonly jobs: readonly SlurmJob[];
  readonly results: readonly DelegateResult[];
  /** Of its commands first. */
  readonly logs: readonly ServerLog[];
}

/** Where the output of a delegate's commands goes. */
export function submitLog(executor: Executor): ServerLog {
  return { role: SUBMIT_ROLE, replica: 0, rank: 0, file: logFileOf(SUBMIT_ROLE, 0, 0), executor };
}

/**
 * Runs a delegate: its commands that set up, its files, its submission, which may take minutes, and then its jobs until they have ended.
 * Jobs that don't end because something failed here are cancelled.
 * @throws {SweeplineError} SETUP_FAILED, ALLOCATION_FAILED, SCHEDULER_UNREACHABLE
 */
export async function runDelegate(
  plan: DelegatePlan,
  { executor, jobName, jobs, concurrencies, circumstances, onPhase, onLeft }: DelegateOptions,
  signal: AbortSignal,
): Promise<DelegateOutcome> {
  const resolve = placeholderResolver([], 0, 0, circumstances);
  const run = (spec: SubmitSpec, code: 'SETUP_FAILED' | 'ALLOCATION_FAILED'): Promise<void> =>
    runCommand(
      {
        argv: spec.argv.map((text) => resolveText(text, resolve)),
        // sbatch(1), INPUT ENVIRONMENT VARIABLES; scripts that pass `--job-name` take it from the second.
        env: { ...resolveValues(spec.env, resolve), SBATCH_JOB_NAME: jobName, SLURM_JOB_NAME: jobName },
        cwd: spec.cwd === undefined ? executor.workDir : resolveText(spec.cwd, resolve),
      },
      executor,
      code,
      signal,
    );
  let isSubmitted = false;
  try {
    onPhase('start');
    await jobs.look(signal);
    for (const spec of plan.setup ?? []) await run(spec, 'SETUP_FAILED');
    for (const [file, text] of Object.entries(resolveValues(plan.files ?? {}, resolve)))
      await executor.copyIn(bytesOf(text), join(executor.workDir, file));
    onPhase('load');
    isSubmitted = true;
    await run(plan.submit, 'ALLOCATION_FAILED');
    const ended = await jobs.ended(signal);
    if (ended.length === 0) throw noJob(jobName);
    isSubmitted = false;
    return { jobs: ended, ...(await collectAll(plan, ended, executor, concurrencies, signal)) };
  } finally {
    if (isSubmitted) await cancelAll(jobs, jobName, onLeft);
  }
}

async function cancelAll(jobs: SlurmJobs, jobName: string, onLeft: DelegateOptions['onLeft']): Promise<void> {
  try {
    const left = await jobs.cancel();
    if (left.length > 0) onLeft(`jobs go on that were cancelled: ${left.map(({ id }) => id).join(', ')}`);
  } catch (thrown) {
    onLeft(`jobs named ${jobName} may go on: ${messageOf(thrown)}`);
  }
}

async function runCommand(
  {
    argv,
    env,
    cwd,
  }: { readonly argv: readonly string[]; readonly env: Record<string, string>; readonly cwd: string },
  executor: Executor,
  code: 'SETUP_FAILED' | 'ALLOCATION_FAILED',
  signal: AbortSignal,
): Promise<void> {
  const log = submitLog(executor);
  const process = await executor.spawn({ argv, env, cwd, log: pathOf(log) }, signal);
  const stop = (): void => void process.stop(STOP_GRACE_MS);
  signal.addEventListener('abort', stop, { once: true });
  const exit = await process.exited;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (exit.code === 0) return;
  const last = (await endOfLog(log).catch(() => '')).split('\n').at(-1) ?? '';
  const how = exit.code === undefined ? `by ${exit.signal ?? 'a signal'}` : `with exit code ${exit.code}`;
  throw new SweeplineError(code, `${argv.join(' ')} ended ${how}: ${last}`, {
    hint: `See ${log.file} in the point's folder.`,
  });
}

/** All that jobs left, once it can be seen from here. */
async function collectAll(
  plan: DelegatePlan,
  jobs: readonly SlurmJob[],
  executor: Executor,
  concurrencies: readonly number[],
  signal: AbortSignal,
): Promise<Pick<DelegateOutcome, 'results' | 'logs'>> {
  const isDone = jobs.every(({ state }) => state === 'COMPLETED');
  for (const until = performance.now() + FILES_MS; ;) {
    const collected = await collect(plan, jobs, executor);
    const hasAll = concurrencies.every((wanted) =>
      collected.results.some(({ concurrency }) => concurrency === wanted),
    );
    if (hasAll || !isDone || performance.now() > until) return collected;
    await delay(FILES_WAIT_MS, undefined, { signal });
  }
}

/** The results and logs of all jobs; files of several lie below folders of their own. */
async function collect(
  { results }: DelegatePlan,
  jobs: readonly SlurmJob[],
  executor: Executor,
): Promise<Pick<DelegateOutcome, 'results' | 'logs'>> {
  const folders = jobs.map(({ id }) =>
    join(executor.workDir, (results?.folder ?? '').replaceAll('{job}', id)),
  );
  const read = await Promise.all(folders.map((folder) => readResults(folder)));
  const logs = read.flatMap((one) => one.logs);
  const jobLogs = logs.map((path, replica): ServerLog => {
    const file = path.slice(executor.workDir.length + 1);
    return { role: JOB_ROLE, replica, rank: 0, file, executor };
  });
  return { results: read.flatMap((one) => one.results), logs: [submitLog(executor), ...jobLogs] };
}

function noJob(name: string): SweeplineError {
  return new SweeplineError(
    'ALLOCATION_FAILED',
    `the program ended with exit code 0, and Slurm has no job named ${name} of this user`,
    {
      hint: `See ${logFileOf(SUBMIT_ROLE, 0, 0)} in the point's folder. A program that names its jobs by itself can't be followed.`,
    },
  );
}
