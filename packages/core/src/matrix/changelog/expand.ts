import type { Dialect, RunnerConfig } from '../../config/model.js';
import { applyEvals, type EvalOptions } from '../evals/index.js';
import type { Job } from '../job.js';
import { testConfig } from '../test-config.js';
import type { KeyedEntry } from '../walk.js';
import type { Evals, Run } from './runs.js';

const EVALS: Readonly<Record<Evals, EvalOptions>> = {
  none: { noEvals: true },
  marked: { runEvals: true },
  chosen: { evalsOnly: true },
  all: { evalsOnly: true, allEvals: true },
};

/** The rows of a run: the output of `matrix test-config` for its keys and scenarios. */
export function expandRun(
  { keys, scenarios, evals }: Run,
  entries: readonly KeyedEntry[],
  runnerConfig: RunnerConfig,
  dialect: Dialect,
): readonly Job[] {
  const jobs = testConfig(entries, runnerConfig, { configKeys: keys, scenarioTypes: scenarios });
  return applyEvals(jobs, dialect, EVALS[evals]);
}
