import type { LocatedEntry } from '../config/load.js';
import { SweeplineError } from '../errors.js';
import { fullSweep } from '../matrix/full-sweep.js';
import { pointsOf } from '../matrix/job.js';
import { launcherRefusal } from '../plan/launcher-refusal.js';
import type { Planner } from '../plan/plan.js';

/** Why frameworks, hardware and launchers reject an entry's jobs, each reason once; empty if no plugin serves them. */
export function rejectionsOf(located: LocatedEntry, planner: Planner): readonly SweeplineError[] {
  const { entry, key, at } = located;
  const runners = { labels: { [entry.runner]: [entry.runner] }, hardware: {} };
  const jobs = fullSweep([located], runners, { stepSize: 2, singleNode: true, multiNode: true });
  const reasons = new Map<string, SweeplineError>();
  for (const point of jobs.flatMap(pointsOf)) {
    try {
      const planned = planner.plan(point);
      const refusal = launcherRefusal(planned);
      if (refusal !== undefined) reasons.set(refusal.message, refusal.at(at([key])));
      if (planned.state !== 'rejected' || reasons.has(planned.rejection.reason)) continue;
      reasons.set(planned.rejection.reason, rejected(planned.name, planned.rejection, at([key])));
    } catch (thrown) {
      if (!(thrown instanceof SweeplineError)) throw thrown;
      if (thrown.code === 'FRAMEWORK_UNKNOWN' || thrown.code === 'SKU_UNKNOWN') return [];
      reasons.set(thrown.message, thrown.at(at([key])));
    }
  }
  return [...reasons.values()];
}

function rejected(
  job: string,
  { reason, nearest }: { readonly reason: string; readonly nearest?: unknown },
  where: SweeplineError['where'],
): SweeplineError {
  const hint =
    nearest === undefined ? {} : { hint: `The nearest choice that runs: ${JSON.stringify(nearest)}.` };
  return new SweeplineError('JOB_REJECTED', reason, { where: { ...where, job }, ...hint });
}
