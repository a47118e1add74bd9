import { z } from '@sweepline/core';
import { UnsupportedPattern, pythonRegex } from './python-regex.js';
import { TemplateError, readTemplate } from './template.js';

const NEEDS_PYTHON = 'only lm-eval itself can run a task with this';

/** Text that `read` takes; what it throws of the class becomes a problem of the key. */
function readable(read: (text: string) => unknown, known: new () => Error): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    try {
      read(text);
    } catch (thrown) {
      if (!(thrown instanceof known)) throw thrown;
      context.addIssue({ code: 'custom', message: `${thrown.message}; ${NEEDS_PYTHON}` });
    }
  });
}

const pattern = readable(pythonRegex, UnsupportedPattern);
const template = readable(readTemplate, TemplateError);

const regexFilter = z.strictObject({
  function: z.literal('regex'),
  regex_pattern: pattern.default('#### (\\-?[0-9\\.\\,]+)'),
  group_select: z.union([z.literal(0), z.literal(-1)]).default(0),
  fallback: z.string().default('[invalid]'),
});
const plainFilter = z.strictObject({ function: z.enum(['remove_whitespace', 'take_first']) });

const pipeline = z.strictObject({
  name: z.string().min(1),
  filter: z
    .array(z.discriminatedUnion('function', [regexFilter, plainFilter]))
    .refine((filters) => filters.filter(({ function: name }) => name === 'take_first').length === 1, {
      message: 'a pipeline has take_first once; with lists of answers only lm-eval itself can score',
    })
    // What lm-eval's filters take is one answer at a time, in a list.
    .refine((filters) => filters.at(-1)?.function === 'take_first', {
      message: 'take_first is the last filter of a pipeline',
    }),
});

const exactMatch = z.strictObject({
  metric: z.literal('exact_match'),
  aggregation: z.literal('mean').default('mean'),
  higher_is_better: z.literal(true).default(true),
  ignore_case: z.boolean().default(false),
  ignore_punctuation: z.boolean().default(false),
  ignore_numbers: z.boolean().default(false),
  regexes_to_ignore: z.array(pattern).default([]),
});

const generation = z.strictObject({
  until: z.array(z.string().min(1)).optional(),
  max_gen_toks: z.int().min(1).optional(),
  do_sample: z.literal(false).optional(),
  temperature: z.number().min(0).optional(),
  top_p: z.number().gt(0).max(1).optional(),
});

/**
 * A task file of lm-evaluation-harness, as far as its answers can be scored exactly without Python. Any other key is refused. Source:
 * lm_eval/api/task.py of lm-evaluation-harness at b315ef3, with its defaults.
 */
export const taskSchema = z.strictObject({
  task: z.string().regex(/^[\w.-]+$/u, 'letters, digits and _ . - only: it becomes part of file names'),
  tag: z.union([z.string(), z.array(z.string())]).optional(),
  dataset_path: z.string(),
  dataset_name: z.string().nullish(),
  dataset_kwargs: z.strictObject({ data_files: z.record(z.string(), z.string()) }).optional(),
  output_type: z.literal('generate_until').default('generate_until'),
  training_split: z.string().nullish(),
  validation_split: z.string().nullish(),
  test_split: z.string().nullish(),
  fewshot_split: z.string().nullish(),
  fewshot_config: z.strictObject({ sampler: z.enum(['default', 'first_n']).default('default') }).optional(),
  num_fewshot: z.int().min(0).nullish(),
  description: template.default(''),
  doc_to_text: template,
  doc_to_target: template,
  // Chats have no delimiters: each question and answer is a message.
  target_delimiter: z.string().default(' '),
  fewshot_delimiter: z.string().default('\n\n'),
  generation_kwargs: generation.optional(),
  repeats: z.literal(1).default(1),
  filter_list: z.array(pipeline).min(1).optional(),
  metric_list: z.tuple([exactMatch]),
  should_decontaminate: z.literal(false).optional(),
  metadata: z.looseObject({ version: z.union([z.number(), z.string()]).optional() }).optional(),
});

export type Task = z.output<typeof taskSchema>;
