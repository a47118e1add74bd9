import type { PlannedPoint } from './plan/plan.js';
import { sessionsOf } from './plan/sessions.js';
import { keepRun, type SweepOutcome } from './report/keep-run.js';
import { runBegun, type RunBeginning } from './results/run-info.js';
import type { Result } from './results/schema.js';
import type { PointDeps, PointEvent } from './session-queue.js';
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

export interface SweepDeps extends Omit<PointDeps, 'onEvent'>, Pick<RunBeginning, 'configFiles' | 'process'> {
  /** Points with equal plans share a server. Default: each has its own. */
  readonly reuseServers?: boolean;
  readonly onEvent: (event: SweepEvent) => void;
}

/**
 * Runs planned points, session by session, and saves each point when it ends. A failing point becomes a `failed` result and the sweep
 * continues. It ends early when `signal` is aborted (the running point is stopped and saved as interrupted) and when results can't be
 * saved: then there is no use in measuring more. Saved points stay.
 */
export async function sweep(
  points: readonly PlannedPoint[],
  deps: SweepDeps,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const pointNames = points.map(({ name }) => name);
  const { runId: id, version: sweepline, now } = deps;
  const begun = runBegun({ ...deps, id, sweepline, startedAt: now().toISOString(), pointNames });
  const placeOf = (name: string): Place => ({ index: pointNames.indexOf(name) + 1, of: points.length });
  const onEvent = (event: PointEvent): void =>
    deps.onEvent(event.type === 'point-started' ? { ...event, ...placeOf(event.planned.name) } : event);
  const sessions = sessionsOf(points, { reuse: deps.reuseServers ?? false });
  return keepRun(begun, deps, signal, async (keep) => {
    for (const session of sessions) {
      for await (const result of sweepSession(session, { ...deps, onEvent }, signal)) {
        keep(result);
        deps.onEvent({ type: 'point-ended', result, ...placeOf(result.name) });
      }
    }
  });
}
