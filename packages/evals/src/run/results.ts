import { z } from '@sweepline/core';
import { meanAndError } from '../task/score.js';
import type { Task } from '../task/schema.js';
import type { Identity } from './prepare.js';
import type { Sample } from './samples.js';

export const RESULTS = 'results.json';

const count = z.int().min(0);
const digests = z.record(z.string(), z.string());

/** What an eval came to: results.json. */
export const resultsSchema = z.strictObject({
  schema: z.literal('sweepline-eval/1'),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  task: z.strictObject({
    name: z.string(),
    version: z.union([z.string(), z.number()]).optional(),
    files: digests,
  }),
  dataset: z.strictObject({ path: z.string(), name: z.string().optional(), files: digests }),
  model: z.string(),
  fewshot: count,
  seed: count,
  /** Of each request, but for messages and model. */
  request: z.record(z.string(), z.unknown()),
  scores: z
    .array(
      z.strictObject({
        metric: z.string(),
        filter: z.string(),
        value: z.number().min(0).max(1),
        stderr: z.number().min(0).optional(),
      }),
    )
    .min(1),
  /** Questions asked and scored, and those of the data set. */
  samples: z.int().min(1),
  of: z.int().min(1),
  /** Answers that ended at the limit of tokens. */
  truncated: count,
  /** Answers without any text. */
  empty: count,
  /** Answers whose reasoning was scored, as they had no content. */
  reasoning: count,
  /** Answers that needed more than one attempt, and all attempts. */
  retried: count,
  attempts: count,
  /** Tokens of the answers whose servers counted them. */
  usage: z.strictObject({ answers: count, input: count, output: count }),
});
export type Results = z.output<typeof resultsSchema>;

/** @param samples of every question, in their order */
export function resultsOf(task: Task, identity: Identity, samples: readonly Sample[], of: number): Results {
  const [{ metric }] = task.metric_list;
  const filters = (task.filter_list ?? [{ name: 'none' }]).map(({ name }) => name);
  const { version } = task.metadata ?? {};
  const { tool, model, fewshot, seed, request } = identity;
  const counted = samples.flatMap(({ usage }) => usage ?? []);
  const countOf = (is: (sample: Sample) => boolean): number => samples.filter(is).length;
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    schema: 'sweepline-eval/1',
    tool,
    task: { name: task.task, ...(version !== undefined && { version }), files: identity.taskFiles },
    dataset: {
      path: task.dataset_path,
      ...(typeof task.dataset_name === 'string' && { name: task.dataset_name }),
      files: identity.data,
    },
    ...{ model, fewshot, seed, request },
    scores: filters.map((filter) => {
      const { mean, stderr } = meanAndError(samples.map(({ scores }) => scores[metric]?.[filter] ?? NaN));
      return { metric, filter, value: mean, ...(stderr !== undefined && { stderr }) };
    }),
    samples: samples.length,
    of,
    truncated: countOf(({ finish }) => finish === 'length'),
    empty: countOf(({ answer }) => answer === ''),
    reasoning: countOf(({ from }) => from === 'reasoning'),
    retried: countOf(({ attempts }) => attempts > 1),
    attempts: sum(samples.map(({ attempts }) => attempts)),
    usage: {
      answers: counted.length,
      input: sum(counted.map(({ input }) => input)),
      output: sum(counted.map(({ output }) => output)),
    },
  };
}
