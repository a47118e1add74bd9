import type { PlannedPoint } from './plan/plan.js';
import { skippedResult } from './results/result.js';
import type { Skip, SkippedResult } from './results/schema.js';
import type { PointDeps } from './session-queue.js';
import { maskFor } from './sweep-session.js';

/** Saves points that are never begun, with what skipped them. @returns those that had no result */
export function skipPoints(
  points: readonly PlannedPoint[],
  skip: Skip,
  { store, version, env, now }: Pick<PointDeps, 'store' | 'version' | 'env' | 'now'>,
): Promise<readonly SkippedResult[]> {
  const at = now().toISOString();
  const results = points.map((planned) => ({
    ...maskFor(planned, env).data(skippedResult(planned, skip, { version, at })),
    // The folder's name is the point's name.
    name: planned.name,
  }));
  return store.saveSkipped(results);
}
