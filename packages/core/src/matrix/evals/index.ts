import type { Dialect } from '../../config/model.js';
import type { Job } from '../job.js';
import { markEvals as mark2026February } from './2026-02.js';
import { markAllEvals, markEvals as mark2026August } from './2026-08.js';

/** How accuracy runs are chosen; omitted options are false. */
export interface EvalOptions {
  /** 2026-02: mark some (none are marked by default). */
  readonly runEvals?: boolean;
  /** Keep only the marked ones. */
  readonly evalsOnly?: boolean;
  /** 2026-08: mark none (some are marked by default). */
  readonly noEvals?: boolean;
  /** 2026-08: mark all that are possible, and keep only those. */
  readonly allEvals?: boolean;
}

/** Marks jobs for accuracy runs like the dialect's version of InferenceX. */
export function applyEvals(jobs: readonly Job[], dialect: Dialect, options: EvalOptions): readonly Job[] {
  return dialect === '2026-02' ? february(jobs, options) : august(jobs, options);
}

function february(jobs: readonly Job[], { runEvals, evalsOnly }: EvalOptions): readonly Job[] {
  if (!runEvals && !evalsOnly) return jobs;
  const marked = mark2026February(jobs);
  return evalsOnly ? marked.filter((job) => job['run-eval']) : marked;
}

function august(
  jobs: readonly Job[],
  { evalsOnly = false, noEvals, allEvals = false }: EvalOptions,
): readonly Job[] {
  if (noEvals) return jobs;
  const marked = allEvals ? markAllEvals(jobs) : mark2026August(jobs, evalsOnly);
  if (!evalsOnly && !allEvals) return marked;
  return marked.filter((job) => job['run-eval']).map((job) => ({ ...job, 'eval-only': true }));
}
