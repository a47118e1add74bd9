import type { Dialect } from '../../config/model.js';
import { isMultiNode, type Job } from '../job.js';
import { applyEvals } from './index.js';

/** Which jobs of a sweep are asked: none, those that the generator marks, or all; `only`: without a load, and nothing else is run. */
export interface EvalChoice {
  readonly evals?: boolean;
  readonly allEvals?: boolean;
  readonly evalsOnly?: boolean;
}

/** Jobs that are not marked for evals. */
export function withoutEvals(jobs: readonly Job[]): readonly Job[] {
  return jobs.map((job) => ({ ...job, 'run-eval': false, 'eval-only': false }));
}

/**
 * Marks the jobs of a sweep: by the rule of InferenceX's generator, or with `allEvals` every one, whatever its lengths. Omitted options are
 * false.
 */
export function chooseEvals(
  jobs: readonly Job[],
  dialect: Dialect,
  { evals = false, allEvals = false, evalsOnly = false }: EvalChoice,
): readonly Job[] {
  if (!evals && !allEvals && !evalsOnly) return jobs;
  const marked = allEvals ? jobs.map(markEach) : applyEvals(jobs, dialect, { runEvals: true });
  if (!evalsOnly) return marked;
  return marked.filter((job) => job['run-eval'] === true).map((job) => ({ ...job, 'eval-only': true }));
}

function markEach(job: Job): Job {
  return isMultiNode(job)
    ? { ...job, 'run-eval': true, 'eval-all-concs': true }
    : { ...job, 'run-eval': true };
}
