import { SweeplineError } from '../errors.js';
import { pointsOf } from '../matrix/job.js';
import { checkEntries } from '../plan/check-entries.js';
import type { Conditions } from '../plan/context.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { App } from './app.js';
import { selectJobs, type Selection, type SelectionOptions } from './selection.js';

/** The selected jobs, with what only plugins know of their entries checked; with `launch` also that they can be run. */
export async function selectedJobs(
  app: App,
  positional: readonly string[],
  options: SelectionOptions,
  { launch }: { readonly launch: boolean },
): Promise<Selection> {
  const selection = await selectJobs(app, positional, options);
  checkEntries(selection.entries, await app.registry(), await app.runners(), { launch });
  if (selection.jobs.length > 0) return selection;
  throw new SweeplineError('MATRIX_EMPTY', `nothing is left to run: ${selection.whyNothing()}`, {
    hint: 'Loosen the filters; `sweepline matrix --explain` shows what they leave of each entry.',
  });
}

/** The selected points, checked and planned: everything that can be wrong without a launch is wrong now. */
export async function planSelection(
  app: App,
  positional: readonly string[],
  options: SelectionOptions,
  conditions: Conditions,
): Promise<{ readonly configFiles: readonly string[]; readonly points: readonly PlannedPoint[] }> {
  const { configFiles, jobs } = await selectedJobs(app, positional, options, { launch: true });
  const planner = await app.planner();
  const points = jobs.flatMap(pointsOf).map((point) => planner.tryPlan(point, conditions));
  return { configFiles, points: withUniqueNames(points) };
}

/** A point that is selected twice is measured twice; the number after its name keeps the two apart. */
function withUniqueNames(points: readonly PlannedPoint[]): readonly PlannedPoint[] {
  const taken = new Set<string>();
  return points.map((point) => {
    let name = point.name;
    for (let number = 2; taken.has(name); number++) name = `${point.name}-${number}`;
    taken.add(name);
    return { ...point, name };
  });
}
