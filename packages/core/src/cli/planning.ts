import { SweeplineError } from '../errors.js';
import { loadEvals, type LocatedEntry } from '../config/load.js';
import { pointsOf } from '../matrix/job.js';
import type { LoadSettings } from '../measure/spec-for.js';
import { isMarkedForEval, planEvals } from '../plan/evals.js';
import { checkEntries } from '../plan/check-entries.js';
import type { Conditions } from '../plan/context.js';
import type { PlannedPoint, Planner } from '../plan/plan.js';
import type { App } from './app.js';
import { count } from './count.js';
import { clientSettings } from './client-settings.js';
import { dataSetsOf, loadProblemsOf } from './load-problems.js';
import { selectJobs, type Selection, type SelectionOptions } from './selection.js';

/** The selected jobs, after the checks that need plugins; with `launch`, also checks that they can run. */
export async function selectedJobs(
  app: App,
  positional: readonly string[],
  options: SelectionOptions,
  { launch }: { readonly launch: boolean },
): Promise<Selection> {
  return checkedSelection(app, await selectJobs(app, positional, options), { launch });
}

/** @throws {SweeplineError} what is wrong with the entries; MATRIX_EMPTY */
export async function checkedSelection(
  app: App,
  selection: Selection,
  { launch }: { readonly launch: boolean },
): Promise<Selection> {
  checkEntries(selection.entries, await app.registry(), await app.runners(), { launch });
  if (selection.jobs.length > 0) return selection;
  throw new SweeplineError('MATRIX_EMPTY', `nothing to run: ${selection.whyNothing()}`, {
    hint: 'Loosen the filters; `sweepline matrix --explain` shows what they leave of each entry.',
  });
}

/** Points, with the loads that the workspace and their configs ask for. */
export interface PlannedSelection {
  readonly configFiles: readonly string[];
  readonly points: readonly PlannedPoint[];
  readonly load: LoadSettings;
  /** Nodes by label, as the runner config lists them. */
  readonly nodes: Selection['nodes'];
}

/** The selected points, checked and planned. Every mistake that can be found without a launch is reported here. */
export async function planSelection(
  app: App,
  selection: Selection,
  conditions: Conditions,
): Promise<PlannedSelection> {
  const { configFiles, entries, jobs, nodes } = await checkedSelection(app, selection, { launch: true });
  const planner = await app.planner();
  const load = { ...clientSettings(await app.workspace()), ...dataSetsOf(entries) };
  await checkLoads(entries, planner, load, conditions);
  const points = jobs.flatMap(pointsOf).map((point) => planner.tryPlan(point, conditions));
  return { configFiles, points: withUniqueNames(await withEvals(app, points)), load, nodes };
}

/** Adds to marked points what they are asked. A job that is only to be asked, and asked nothing, is rejected. */
export async function withEvals(app: App, points: readonly PlannedPoint[]): Promise<readonly PlannedPoint[]> {
  const marked = points.filter(({ point }) => isMarkedForEval(point));
  if (marked.length === 0) return points;
  const { root } = await app.workspace();
  const evals = await loadEvals(root, app.cwd);
  if (evals === undefined) {
    const message = `${count(marked.length, 'point')} marked for evals, and there is no configs/evals.yaml: their answers are not checked`;
    app.logger.warn(message);
  }
  const planned = evals === undefined ? points : await planEvals(points, evals, await app.registry(), root);
  return planned.map((point) => {
    if (point.state !== 'planned' || point.point.job['eval-only'] !== true) return point;
    if ((point.evals ?? []).length > 0) return point;
    const { plan: _, ...base } = point;
    return {
      ...base,
      state: 'rejected',
      rejection: { reason: 'it is only to be asked, and there is nothing to ask it' },
    };
  });
}

/** @throws {SweeplineError} CONFIG_INVALID with all loads that can't be made. */
async function checkLoads(
  entries: readonly LocatedEntry[],
  planner: Planner,
  load: LoadSettings,
  conditions: Conditions,
): Promise<void> {
  const problems: SweeplineError[] = [];
  for (const located of entries) problems.push(...(await loadProblemsOf(located, planner, load, conditions)));
  const error = SweeplineError.together(
    problems,
    `the configs have ${problems.length} loads that can't be made`,
  );
  if (error !== undefined) throw error;
}

/** A point that is selected twice is measured twice; a number after the name tells them apart. */
function withUniqueNames(points: readonly PlannedPoint[]): readonly PlannedPoint[] {
  const taken = new Set<string>();
  return points.map((point) => {
    let name = point.name;
    for (let number = 2; taken.has(name); number++) name = `${point.name}-${number}`;
    taken.add(name);
    return { ...point, name };
  });
}
