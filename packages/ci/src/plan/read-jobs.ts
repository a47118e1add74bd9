import { SweeplineError, z } from '@sweepline/core';
import { readMatrix } from '@sweepline/core/matrix';
import { jobSchema, type MatrixJob } from './plan.js';

export interface ReadJobs {
  /** Those that are measured, marked where their servers are asked as well, and those whose servers are only asked. */
  readonly jobs: readonly MatrixJob[];
  /** Number of jobs whose servers are only asked. */
  readonly evals: number;
  readonly changelog: unknown;
}

/**
 * What `sweepline changelog` or `sweepline matrix` prints.
 * @throws {SweeplineError} CONFIG_INVALID or CONFIG_SYNTAX
 */
export function readJobs(printed: string): ReadJobs {
  const { jobs, changelog } = readMatrix(printed, 'the matrix');
  const read = z.array(jobSchema).safeParse(jobs);
  if (!read.success)
    throw new SweeplineError('CONFIG_INVALID', `jobs of another form: ${z.prettifyError(read.error)}`);
  return { jobs: read.data, changelog, evals: read.data.filter(isOnlyAsked).length };
}

/** Whether a job's server is asked an eval, and not loaded. */
export function isOnlyAsked(job: MatrixJob): boolean {
  return job['eval-only'] === true;
}
