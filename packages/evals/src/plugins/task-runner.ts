import { API_VERSION, SweeplineError, messageOf, z, type EvalPlugin, type EvalScores } from '@sweepline/core';
import { answersIn } from './answers.js';
import { RESULTS, resultsSchema } from '../run/results.js';
import { SAMPLES } from '../run/samples.js';
import { settingsSchema } from '../run/settings.js';

const optionsSchema = z.strictObject({
  task: z
    .string()
    .min(1)
    .describe(
      'Path of a task file of lm-evaluation-harness, from the workspace; or @sweepline/evals/first, which is part of the package.',
    ),
  data: z
    .record(z.string(), z.string())
    .default({})
    .describe('Files of the data set by split, from the workspace, in place of those that the task names.'),
  limit: z.int().min(1).optional().describe('Questions that are asked: the first ones.'),
  seed: settingsSchema.shape.seed.describe("Draws the examples, as lm-eval's fewshot seed."),
  'max-tokens': z
    .int()
    .min(1)
    .optional()
    .describe("Tokens of an answer at most. Without it the task's own, or 256."),
  temperature: z.number().min(0).optional().describe("In place of the task's own."),
  'top-p': z.number().gt(0).max(1).optional().describe("In place of the task's own."),
  system: z.string().optional().describe("System message, before the task's description."),
  'max-retries': settingsSchema.shape.maxAttempts.describe('Attempts per question.'),
  'request-timeout-s': settingsSchema.shape.requestTimeoutS.describe('Seconds per attempt.'),
  'timeout-s': z.int().min(1).default(14_400).describe('Seconds of the whole eval.'),
});
export type Options = z.output<typeof optionsSchema>;

/** Asks and scores without Python: tasks of lm-evaluation-harness whose answers can be scored exactly as lm-eval does. */
export const taskRunner: EvalPlugin<Options> = {
  kind: 'eval',
  name: 'task-runner',
  apiVersion: API_VERSION,
  options: optionsSchema,
  // What reads tasks takes long to load: most commands plan no evals.
  plan: async (context) => (await import('./plan-task.js')).planEval(context),
  scores: scoresIn,
};

function scoresIn(files: ReadonlyMap<string, string>): EvalScores {
  const text = files.get(RESULTS);
  if (text === undefined)
    throw new SweeplineError('EVAL_FAILED', `the eval has no ${RESULTS}: it did not come to its end`);
  try {
    const { scores, samples, of, fewshot, tool, task, dataset } = resultsSchema.parse(JSON.parse(text));
    const digests = Object.entries(dataset.files).map(([split, digest]) => `${split} sha256:${digest}`);
    const logged = files.get(SAMPLES);
    const [first] = scores;
    return {
      ...{ scores, samples, fewshot, tool },
      ...(logged !== undefined && first !== undefined && { answers: answersIn(logged, first) }),
      ...(samples < of && { of }),
      dataset: {
        // Those of a task without a home of its own.
        name: dataset.path === 'json' ? task.name : [dataset.path, dataset.name ?? []].flat().join('/'),
        revision: digests.join(', '),
      },
    };
  } catch (cause) {
    throw new SweeplineError('EVAL_FAILED', `can't read ${RESULTS}: ${messageOf(cause)}`, { cause });
  }
}
