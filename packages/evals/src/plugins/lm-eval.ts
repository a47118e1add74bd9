import { API_VERSION, z, type EvalContext, type EvalPlugin, type Rejection } from '@sweepline/core';
import { settingsSchema } from '../run/settings.js';
import { scoresOfLmEval } from './lm-eval-scores.js';

/** Defaults are what InferenceX's recipes of February 2026 pass. */
const optionsSchema = z.strictObject({
  task: z
    .string()
    .regex(/^[^,]+$/u, 'one task')
    .describe(
      "Path of a task file, from the workspace; the name of one of lm-eval's own tasks; or @sweepline/evals/first.",
    ),
  data: z
    .record(z.string(), z.string())
    .default({})
    .describe('Files of the data set by split, from the workspace, in place of a download.'),
  install: z.boolean().default(true).describe('Whether pip installs lm-eval first, as InferenceX does.'),
  python: z.string().min(1).default('python3').describe('Python of the server, or of its host.'),
  'as-inferencex': z
    .boolean()
    .default(true)
    .describe(
      "Whether an answer without content is its reasoning_content, and messages have no `type`: InferenceX's change of lm-eval.",
    ),
  limit: z.int().min(1).optional().describe('Questions that are asked: the first ones.'),
  seed: settingsSchema.shape.seed.unwrap().optional().describe('Draws the examples; 1234 without it.'),
  'max-tokens': z.int().min(1).default(8192).describe('Tokens of an answer at most.'),
  'max-length': z.int().min(1).default(16_384).describe('Tokens of the context, as given to lm-eval.'),
  temperature: z.number().min(0).default(0),
  'top-p': z.number().gt(0).max(1).default(1),
  'max-retries': z.int().min(1).default(5).describe('Attempts per question.'),
  'request-timeout-s': z.int().min(1).default(600).describe('Seconds per attempt.'),
  'timeout-s': z.int().min(1).default(14_400).describe('Seconds of the whole eval.'),
});
export type Options = z.output<typeof optionsSchema>;

/** lm-evaluation-harness itself, in the server's container or on its host, with the arguments that InferenceX gives it. */
export const lmEval: EvalPlugin<Options> = {
  kind: 'eval',
  name: 'lm-eval',
  apiVersion: API_VERSION,
  options: optionsSchema,
  rejects,
  // What reads tasks takes long to load: most commands plan no evals.
  plan: async (context) => (await import('./plan-lm-eval.js')).planLmEval(context),
  scores: scoresOfLmEval,
};

function rejects({ model }: EvalContext<Options>): Rejection | undefined {
  return /[,=]/u.test(model)
    ? { reason: `lm-eval can't be given the model ${model}: its arguments have commas and = between them` }
    : undefined;
}
