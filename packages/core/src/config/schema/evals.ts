import { z } from 'zod';
import { text, wholeFromZero } from './common.js';
import { source } from './source.js';

const fraction = z
  .number({ error: 'expected a number' })
  .min(0, { error: 'expected a fraction from 0 to 1' })
  .max(1, { error: 'expected a fraction from 0 to 1' });
const oneOrMore = z.union([text, z.array(text).min(1, { error: 'expected at least one' })]);

/** Which jobs something is for: all fields that are there must fit. */
const matchFields = {
  'model-prefix': oneOrMore.optional().describe('Model prefixes of jobs; default: all.'),
  precision: oneOrMore.optional().describe('Precisions of jobs; default: all.'),
  framework: oneOrMore.optional().describe('Frameworks of jobs; default: all.'),
  runner: oneOrMore.optional().describe('Runner labels of jobs; default: all.'),
};

/** Also the name of a folder. */
const taskName = text.regex(/^[A-Za-z0-9][\w.-]*$/, {
  error: 'expected a name of letters, digits, ., _ and -',
});

const task = z.strictObject({
  plugin: text.describe('Name of the eval plugin that asks and scores, such as task-runner or lm-eval.'),
  for: z.strictObject(matchFields).optional().describe('The jobs that it is for; default: all.'),
  'num-fewshot': wholeFromZero
    .optional()
    .describe("Examples before each question; default: the task's own number."),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("For the plugin; checked by the plugin's own schema."),
  floor: fraction.optional().describe('Lowest score that is good enough; default: the `floor` of the file.'),
  floors: z
    .array(z.strictObject({ ...matchFields, floor: fraction.describe('Lowest score of these jobs.') }))
    .default([])
    .describe('Floors of some jobs. The first that fits counts.'),
});

/** configs/evals.yaml: what marked jobs are asked, and how well they must answer. */
export const evalsSchema = z
  .strictObject({
    tasks: z
      .record(taskName, task)
      .describe('Tasks by name. A job that is marked for evals runs all that are for it.'),
    floor: fraction.optional().describe('Lowest score of tasks that have no floor of their own.'),
    sources: z.array(source).optional().describe('Where the floors come from.'),
  })
  .describe('Evals, and their floors.');

export type EvalsConfig = z.output<typeof evalsSchema>;
export type EvalTaskConfig = EvalsConfig['tasks'][string];
/** Which jobs something is for. */
export type JobMatch = Pick<EvalTaskConfig['floors'][number], keyof typeof matchFields>;
