import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import { digestOf } from '../load/workloads/files.js';
import type { Job } from '../matrix/job.js';
import type { PlannedPoint } from '../plan/plan.js';
import { loadSpecFor, type LoadSettings } from './spec-for.js';

/** Stands in for an endpoint that isn't there yet. */
const NOWHERE = 'http://127.0.0.1:1';

/**
 * Why a planned point's load can't be made, found out before a server is started; undefined where it can, or where the point isn't
 * run anyway. InferenceX's own load always can.
 */
export async function loadProblem(
  planned: PlannedPoint,
  settings: LoadSettings,
): Promise<SweeplineError | undefined> {
  const { point, name } = planned;
  if (point.job.load === undefined || planned.state !== 'planned' || planned.plan.kind !== 'serve')
    return undefined;
  try {
    await loadSpecFor(point, planned.plan.client, NOWHERE, 'records.jsonl', settings);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof SweeplineError) return thrown.at({ job: name });
    throw thrown;
  }
}

/**
 * Sees that a job's data set still is the one that its config was read with: hours may lie between the two.
 * @throws {SweeplineError} WORKLOAD_INVALID.
 */
export async function checkDataSet({ load }: Job, { dataSets }: LoadSettings = {}): Promise<void> {
  const sha256 = load?.workload?.sha256;
  const file = sha256 === undefined ? undefined : dataSets?.get(sha256);
  if (file === undefined) return;
  const found = await digestOf(file).catch((cause: unknown) => {
    throw new SweeplineError('WORKLOAD_INVALID', `can't read the data set: ${fileProblem(cause)}`, {
      where: { file },
      cause,
    });
  });
  if (found === sha256) return;
  throw new SweeplineError('WORKLOAD_INVALID', 'the data set has changed since the sweep began', {
    where: { file },
  });
}
