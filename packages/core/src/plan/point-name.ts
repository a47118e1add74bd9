import type { Point } from '../matrix/job.js';

/**
 * The name of a point's files: InferenceX's RESULT_FILENAME for single-node jobs. For people and folders only: what a
 * point is, is said by its job, and nothing is ever parsed back out of a name.
 */
export function pointName({ job, concurrency }: Point): string {
  const parallelism = `tp${job.tp}-ep${job.ep}-dpa${job['dp-attn']}`;
  const parts = [
    job['exp-name'],
    job.precision,
    job.framework,
    parallelism,
    `disagg-${job.disagg}`,
    `spec-${job['spec-decoding']}`,
    `conc${concurrency}`,
    job.runner,
  ];
  return parts.join('_').replaceAll(/[^\w.-]/g, '-');
}
