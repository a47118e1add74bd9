import type { LocatedEntry } from '../config/load.js';
import { scenarioPath } from '../config/master.js';
import { SweeplineError } from '../errors.js';
import { fullSweep } from '../matrix/full-sweep.js';
import { pointsOf } from '../matrix/job.js';
import { loadProblem } from '../measure/check-loads.js';
import type { LoadSettings } from '../measure/spec-for.js';
import type { Conditions } from '../plan/context.js';
import type { Planner } from '../plan/plan.js';

/** All data set files of entries, with their digests. */
export function dataSetsOf(entries: readonly LocatedEntry[]): Pick<LoadSettings, 'dataSets'> {
  return { dataSets: new Map(entries.flatMap(({ dataSets }) => [...(dataSets ?? [])])) };
}

/** Why loads can't be made for an entry's jobs; each reason once, at its scenario. */
export async function loadProblemsOf(
  { entry, key, at }: LocatedEntry,
  planner: Planner,
  settings: LoadSettings,
  conditions: Partial<Conditions> = {},
): Promise<readonly SweeplineError[]> {
  const runners = { labels: { [entry.runner]: [entry.runner] }, hardware: {} };
  const found = new Map<string, SweeplineError>();
  for (const [index, scenario] of entry.scenarios['fixed-seq-len'].entries()) {
    if (scenario.load === undefined) continue;
    const scenarios = { 'fixed-seq-len': [scenario], 'agentic-coding': [] };
    const jobs = fullSweep([{ key, entry: { ...entry, scenarios } }], runners, {
      stepSize: 2,
      singleNode: true,
      multiNode: true,
    });
    for (const point of jobs.flatMap(pointsOf)) {
      const problem = await loadProblem(planner.tryPlan(point, conditions), settings);
      if (problem === undefined) continue;
      const message = `load: ${problem.message}`;
      found.set(
        message,
        new SweeplineError('CONFIG_INVALID', message, {
          where: at([key, ...scenarioPath(entry, index), 'load']),
          hint: problem.hint,
          cause: problem,
        }),
      );
    }
  }
  return [...found.values()];
}
