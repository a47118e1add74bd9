import type { Worker } from '../config/model.js';
import type { JobLoad } from '../load/scenario/load.js';
import { isAgentic, isMultiNode, type Job, type Point } from '../matrix/job.js';
import { pointId } from '../matrix/point-id.js';

/** Characters of the readable part; file systems allow 255, and artifact names add to it on both sides. */
const LONGEST_NAME = 180;

/**
 * The name of a point's files: a readable part, which is InferenceX's RESULT_FILENAME with the point's single concurrency, and
 * the point's id, which also distinguishes what that name doesn't (pp, image, options). It is never parsed.
 */
export function pointName(point: Point, sku: string): string {
  return `${readableName(point)}_${pointId(point, sku)}`;
}

function readableName({ job, concurrency }: Point): string {
  const parts = [
    job['exp-name'],
    job.precision,
    job.framework,
    ...parallelism(job),
    `disagg-${!isAgentic(job) || isMultiNode(job) ? job.disagg : false}`,
    `spec-${job['spec-decoding']}`,
    `conc${concurrency}`,
    ...loadName(job.load),
    job.runner,
  ];
  return shortened(parts.join('_').replaceAll(/[^\w.-]|^\./g, '-'));
}

/** `poisson-4rps`, `sharegpt_poisson-4rps`: the id distinguishes the other parts of a load. */
function loadName(load: JobLoad | undefined): readonly string[] {
  const { workload, arrival } = load ?? {};
  const rate = arrival?.rate;
  return [
    ...(workload === undefined ? [] : [workload.kind]),
    ...(arrival === undefined ? [] : [`${arrival.pattern}${rate === undefined ? '' : `-${rate}rps`}`]),
  ];
}

/** Both ends of a name that is too long: they contain the model and the concurrency. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const half = Math.floor(LONGEST_NAME / 2) - 1;
  return `${name.slice(0, half)}--${name.slice(-half)}`;
}

function parallelism(job: Job): readonly string[] {
  if (!isMultiNode(job)) return [`tp${job.tp}-ep${job.ep}-dpa${job['dp-attn']}`];
  return (['prefill', 'decode'] as const).map((role) => `${role}-${workerName(job[role])}`);
}

function workerName(worker: Worker): string {
  const { tp, ep, 'dp-attn': dp, 'num-worker': workers } = worker;
  return `tp${tp}-ep${ep}-dp${dp}-nw${workers}`;
}
