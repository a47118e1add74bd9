import type { Job } from '../matrix/job.js';
import type { EvalPlugin } from '../plugin/index.js';
import { defineSuite, type TestRunner } from './contract.js';
import { EVAL_CHECKS, type EvalSubject } from './eval-checks.js';

const SAMPLE_JOB: Job = {
  ...{ image: 'host', model: 'fake-model', 'model-prefix': 'fake', precision: 'fp8', framework: 'fake' },
  ...{ runner: 'cpu', 'spec-decoding': 'none', 'exp-name': 'fake_8k1k', isl: 8192, osl: 1024 },
  ...{ 'max-model-len': 9416, tp: 1, ep: 1, 'dp-attn': false, conc: 2, disagg: false, 'run-eval': true },
};

export interface EvalSuiteOptions extends TestRunner, Pick<EvalSubject, 'files'> {
  /** What a task of configs/evals.yaml may have as `options:`; each must be one that it can run against a server of any answers. */
  readonly options: readonly unknown[];
  /** The folder that paths in them start from. Default: the folder that the tests are run in. */
  readonly root?: string;
}

/** The contract of eval plugins, as a suite for a test runner with the given `describe` and `it`. */
export function testEval(
  plugin: EvalPlugin,
  { options: all, root = process.cwd(), files, ...runner }: EvalSuiteOptions,
): void {
  for (const [index, given] of all.entries()) {
    const options: unknown = plugin.options === undefined ? given : plugin.options.parse(given);
    const context = { job: SAMPLE_JOB, concurrency: 2, model: 'fake-model', task: 'sample', options, root };
    const subject = { plugin, context, ...(files !== undefined && { files }) };
    defineSuite(runner, `contract of eval ${plugin.name}, options ${index + 1}`, EVAL_CHECKS, subject);
  }
}
