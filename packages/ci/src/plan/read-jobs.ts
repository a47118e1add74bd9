import { SweeplineError, z } from '@sweepline/core';
import { jobSchema, type MatrixJob } from './plan.js';

const bucket = z.array(jobSchema).default([]);

/** What `sweepline changelog` prints. */
const buckets = z.looseObject({
  single_node: z.record(z.string(), bucket).default({}),
  multi_node: z.record(z.string(), bucket).default({}),
  evals: bucket,
  agentic_evals: bucket,
  multinode_evals: bucket,
  multinode_agentic_evals: bucket,
  changelog_metadata: z.unknown().optional(),
});

export interface ReadJobs {
  readonly jobs: readonly MatrixJob[];
  /** Number of jobs that only evaluate answers: they have no points. */
  readonly evals: number;
  readonly changelog: unknown;
}

/** @throws {SweeplineError} CONFIG_INVALID */
export function readJobs(printed: unknown): ReadJobs {
  const read = buckets.safeParse(printed);
  if (!read.success)
    throw new SweeplineError('CONFIG_INVALID', `jobs of another form: ${z.prettifyError(read.error)}`);
  const { single_node: single, multi_node: multi, changelog_metadata: changelog, ...others } = read.data;
  const all = [...Object.values(single), ...Object.values(multi)].flat();
  const jobs = all.filter((job) => job['eval-only'] !== true);
  const { evals, agentic_evals: agentic, multinode_evals: many, multinode_agentic_evals: both } = others;
  const listed = evals.length + agentic.length + many.length + both.length;
  return { jobs, changelog, evals: listed + all.length - jobs.length };
}
