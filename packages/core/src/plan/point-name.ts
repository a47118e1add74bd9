import { FIELD } from '../config/fields.js';
import type { Worker } from '../config/model.js';
import { isAgentic, isMultiNode, type Job, type Point } from '../matrix/job.js';

/** Characters; file systems take 255, and artifacts add to it before and behind. */
const LONGEST_NAME = 180;

/**
 * The name of a point's files: InferenceX's RESULT_FILENAME, with the point's one concurrency. For people and folders
 * only: what a point is, is said by its job, and nothing is ever parsed back out of a name.
 */
export function pointName({ job, concurrency }: Point): string {
  const parts = [
    job[FIELD.expName],
    job[FIELD.precision],
    job[FIELD.framework],
    ...parallelism(job),
    `disagg-${!isAgentic(job) || isMultiNode(job) ? job[FIELD.disagg] : false}`,
    `spec-${job[FIELD.specDecoding]}`,
    `conc${concurrency}`,
    job[FIELD.runner],
  ];
  return shortened(parts.join('_').replaceAll(/[^\w.-]|^\./g, '-'));
}

/** Both ends of a name that is too long: they hold the model and the concurrency. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const half = Math.floor(LONGEST_NAME / 2) - 1;
  return `${name.slice(0, half)}--${name.slice(-half)}`;
}

function parallelism(job: Job): readonly string[] {
  if (!isMultiNode(job)) return [`tp${job[FIELD.tp]}-ep${job[FIELD.ep]}-dpa${job[FIELD.dpAttn]}`];
  return [FIELD.prefill, FIELD.decode].map((role) => `${role}-${workerName(job[role])}`);
}

function workerName(worker: Worker): string {
  const { [FIELD.tp]: tp, [FIELD.ep]: ep, [FIELD.dpAttn]: dp, [FIELD.numWorker]: workers } = worker;
  return `tp${tp}-ep${ep}-dp${dp}-nw${workers}`;
}
