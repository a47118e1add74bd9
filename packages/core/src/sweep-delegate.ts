import { SweeplineError } from './errors.js';
import { runDelegate, submitLog, type DelegateOutcome } from './launch/delegate/run-delegate.js';
import { jobNameOf, slurmJobs } from './launch/delegate/slurm-jobs.js';
import { delegateHandle, openSubmitHost } from './launch/delegate/submit-host.js';
import { newToken } from './launch/marker.js';
import type { ServerLog } from './launch/server-logs.js';
import { errorOf } from './measure/measure-point.js';
import type { Measurement } from './measure/measurement.js';
import type { PlannedPoint } from './plan/plan.js';
import { dateText } from './plan/resolve.js';
import type { DelegatePlan, DelegateResults } from './plugin/launch-plan.js';
import { createSaver } from './point-saver.js';
import type { Result } from './results/schema.js';
import type { Mask } from './secrets.js';
import { reporterOfLeft, startPoint, type PointDeps, type Queue } from './session-queue.js';

/** A plan of a program that measures by itself, and that can be run. */
export type RunnableDelegate = DelegatePlan & { readonly results: DelegateResults };

/** The delegate of a point; undefined for points of servers. @throws {SweeplineError} PLAN_UNSUPPORTED where nothing says what it leaves. */
export function delegateOf(planned: PlannedPoint): RunnableDelegate | undefined {
  if (planned.state !== 'planned' || planned.plan.kind !== 'delegate') return undefined;
  const { results } = planned.plan;
  if (results !== undefined && planned.point.job.load === undefined) return { ...planned.plan, results };
  const why =
    results === undefined
      ? 'does not say where that program leaves its results'
      : 'has a `load:`, and the program has one of its own';
  throw new SweeplineError('PLAN_UNSUPPORTED', `the plan hands the job to another program, and ${why}`, {
    hint: 'Plan it with `sweepline plan --format sh` and run it by hand.',
  });
}

/**
 * Has another program measure points with equal plans, from this machine, and saves the result that it left for each. What goes wrong
 * before there are results fails all of them.
 */
export async function* sweepDelegate(
  plan: RunnableDelegate,
  queue: Queue,
  mask: Mask,
  deps: PointDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  const [first] = queue.left;
  if (first === undefined) return;
  const token = newToken();
  await using files = await deps.store.openSession({
    ...{
      token,
      points: queue.left.map(({ name }) => name),
      runner: first.runner.label,
      launcher: 'delegate',
    },
    startedAt: deps.now().toISOString(),
  });
  let logs: readonly ServerLog[] = [];
  const saver = createSaver(() => ({ token, planned: first, findings: [], logs }), mask, queue, deps);
  const jobName = jobNameOf(token);
  files.saveHandle(delegateHandle(token));
  await using host = await openSubmitHost(files.folder, token, jobName, deps.logger);
  const { executor, user } = host;
  const circumstances = { workspace: executor.workDir, user, date: dateText(deps.now()) };
  const onPhase = (phase: 'start' | 'load'): void => deps.onEvent({ type: 'phase', name: first.name, phase });
  const onLeft = reporterOfLeft(token, files, deps);
  logs = [submitLog(executor)];
  const jobs = slurmJobs(executor, user, jobName);
  const concurrencies = queue.left.map(({ point }) => point.concurrency);
  const ended = await runDelegate(
    plan,
    { executor, jobName, jobs, concurrencies, circumstances, onPhase, onLeft },
    signal,
  ).catch((thrown: unknown) => errorOf(thrown, first, signal));
  if (!(ended instanceof SweeplineError)) logs = ended.logs;
  for (const planned of queue.left.splice(0)) {
    if (planned !== first) await startPoint(planned, queue, deps);
    const outcome = ended instanceof SweeplineError ? { error: ended } : outcomeFor(planned, plan, ended);
    yield await saver.save(planned, { outcome, stallLogs: [], answers: [] });
    if (signal.aborted) return;
  }
}

/** The result of a point's concurrency. */
function outcomeFor(
  { point: { concurrency } }: PlannedPoint,
  { results: { client } }: RunnableDelegate,
  { jobs, results }: DelegateOutcome,
): Measurement['outcome'] {
  const [found, another] = results.filter((result) => result.concurrency === concurrency);
  if (found !== undefined && another === undefined)
    return { delegated: { raw: found.raw, file: found.file, client, jobs } };
  const ended = jobs.map(({ id, state }) => `${id} ended as ${state}`).join(', ');
  const what =
    found === undefined
      ? `no result for concurrency ${concurrency}`
      : `several results for concurrency ${concurrency}: ${found.file}, ${another?.file}`;
  const error = new SweeplineError('RESULT_INVALID', `the program's job (${ended}) left ${what}`, {
    hint: 'Its logs are in the folder of the first of its points.',
  });
  return { error };
}
