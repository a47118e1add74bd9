import type { PlannedPoint } from './plan/plan.js';
import { sessionsOf } from './plan/sessions.js';
import { keepRun, type SweepOutcome } from './report/keep-run.js';
import { runBegun, runResumed, type RunBeginning } from './results/run-info.js';
import type { RunInfo } from './results/run-schema.js';
import type { Result } from './results/schema.js';
import type { PointDeps, PointEvent } from './session-queue.js';
import { spentBy, type Budget } from './schedule/budget.js';
import { sweepSession } from './sweep-session.js';

export type { SweepOutcome };

/** Events of a running sweep. */
export type SweepEvent =
  | Exclude<PointEvent, { readonly type: 'point-started' }>
  | (Extract<PointEvent, { readonly type: 'point-started' }> & Place)
  | ({ readonly type: 'point-ended'; readonly result: Result } & Place);

interface Place {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

export interface SweepDeps
  extends Omit<PointDeps, 'onEvent'>, Pick<RunBeginning, 'configFiles' | 'process' | 'command'> {
  /** What the run has already, if it is resumed: then only what is left of it is measured. */
  readonly earlier?: {
    readonly run: RunInfo;
    readonly results: readonly Result[];
    /** Of all points of the run. */
    readonly pointNames: readonly string[];
  };
  /** Default: as much as it takes. */
  readonly budget?: Budget;
  /** Points with equal plans share a server. Default: each has its own. */
  readonly reuseServers?: boolean;
  readonly onEvent: (event: SweepEvent) => void;
}

/**
 * Runs planned points, session by session, and saves each point when it ends. A failing point becomes a `failed` result and the sweep
 * continues. It ends early when `signal` is aborted (the running point is stopped and saved as interrupted), when its budget is spent
 * (no further server is started) and when results can't be saved: then there is no use in measuring more. Saved points stay.
 */
export async function sweep(
  points: readonly PlannedPoint[],
  deps: SweepDeps,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const { runId: id, version: sweepline, now, earlier } = deps;
  const pointNames = earlier?.pointNames ?? points.map(({ name }) => name);
  const startedAt = now().toISOString();
  const first = runBegun({ ...deps, id, sweepline, startedAt, pointNames });
  const begun = earlier === undefined ? first : runResumed(earlier.run, first);
  const placeOf = (name: string): Place => ({ index: pointNames.indexOf(name) + 1, of: pointNames.length });
  const onEvent = (event: PointEvent): void =>
    deps.onEvent(event.type === 'point-started' ? { ...event, ...placeOf(event.planned.name) } : event);
  const sessions = sessionsOf(points, { reuse: deps.reuseServers ?? false });
  const beginMs = performance.now();
  const measure = async (keep: (result: Result) => void): Promise<string | undefined> => {
    let failed = 0;
    for (const session of sessions) {
      const spent = spentBy(deps.budget ?? {}, performance.now() - beginMs, failed);
      if (spent !== undefined) return spent;
      for await (const result of sweepSession(session, { ...deps, onEvent }, signal)) {
        if (result.state === 'failed') failed += 1;
        keep(result);
        deps.onEvent({ type: 'point-ended', result, ...placeOf(result.name) });
      }
    }
    return undefined;
  };
  return keepRun(begun, deps, signal, measure, earlier?.results);
}
