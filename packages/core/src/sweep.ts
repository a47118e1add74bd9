import { messageOf, toSweeplineError, type SweeplineError } from './errors.js';
import type { PlannedPoint } from './plan/plan.js';
import { saveSummary } from './report/save-summary.js';
import { runBegun, runEnded, type RunBeginning } from './results/run-info.js';
import type { Result, RunInfo } from './results/schema.js';
import { sweepPoint, type PointDeps, type PointEvent } from './sweep-point.js';

/** What a sweep tells while it runs. */
export type SweepEvent =
  | PointEvent
  | ({ readonly type: 'point-started'; readonly planned: PlannedPoint } & Place)
  | ({ readonly type: 'point-ended'; readonly result: Result } & Place);

interface Place {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

export interface SweepDeps extends PointDeps, Pick<RunBeginning, 'configFiles' | 'process'> {
  readonly runId: string;
  readonly onEvent: (event: SweepEvent) => void;
}

export interface SweepOutcome {
  readonly run: RunInfo;
  /** One per point that was begun and saved, in order. */
  readonly results: readonly Result[];
  /** Points that were begun and could not be saved. */
  readonly begun?: readonly string[];
  /** Why the sweep ended early: results could not be saved any more. */
  readonly failure?: SweeplineError;
}

/**
 * Runs planned points one after another and saves each as it ends. A failing point becomes a `failed` result and the
 * sweep goes on. It ends early when `signal` is aborted (the running point is stopped and saved as interrupted) and when
 * results can't be saved: without a place for them there is no use in measuring on. What was saved before stays.
 */
export async function sweep(
  points: readonly PlannedPoint[],
  deps: SweepDeps,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const { runId: id, version: sweepline, configFiles, process, metrics, store, now } = deps;
  const pointNames = points.map(({ name }) => name);
  const begun = runBegun({
    ...{ id, sweepline, startedAt: now().toISOString() },
    ...{ configFiles, process, metrics, pointNames },
  });
  const results: Result[] = [];
  let isOpen = false;
  try {
    await store.saveRun(begun);
    isOpen = true;
    for await (const result of sweepPoints(points, deps, signal)) results.push(result);
    const run = signal.aborted
      ? runEnded(begun, now(), 'interrupted', 'stopped by a signal')
      : runEnded(begun, now(), 'finished');
    await saveSummary(store, { run, results });
    return { run, results };
  } catch (thrown) {
    const failure = toSweeplineError(thrown, 'INTERNAL');
    const run = runEnded(begun, now(), 'failed', failure.message);
    const unsaved = isOpen ? pointNames.slice(results.length, results.length + 1) : [];
    const outcome = { run, results, begun: unsaved };
    await saveWhatFits(deps, outcome);
    return { ...outcome, failure };
  }
}

async function* sweepPoints(
  points: readonly PlannedPoint[],
  deps: SweepDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  for (const [position, planned] of points.entries()) {
    if (signal.aborted) return;
    const place = { index: position + 1, of: points.length };
    deps.onEvent({ type: 'point-started', planned, ...place });
    const result = await sweepPoint(planned, deps, signal);
    deps.onEvent({ type: 'point-ended', result, ...place });
    yield result;
  }
}

/** After a failure to save: a report of what was saved before is worth a try, and not another error. */
async function saveWhatFits({ store, logger }: SweepDeps, outcome: SweepOutcome): Promise<void> {
  const warn = (file: string) => (thrown: unknown) => {
    logger.warn(`${file} could not be saved either: ${messageOf(thrown)}`);
  };
  await store.saveRun(outcome.run).catch(warn('run.json'));
  await saveSummary(store, outcome).catch(warn('the report'));
}
