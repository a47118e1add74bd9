import { SweeplineError } from '../errors.js';
import { pointsOf } from '../matrix/job.js';
import { checkEntries } from '../plan/check-entries.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { App } from './app.js';
import { selectJobs, type SelectionOptions } from './selection.js';

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
