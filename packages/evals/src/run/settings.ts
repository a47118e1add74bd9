import { z } from '@sweepline/core';

/** How a model is asked; what lm-eval calls `gen_kwargs` and `model_args`. */
export const generationSchema = z.strictObject({
  /** Tokens of an answer at most; without it the task's `max_gen_toks`, else 256 as in lm-eval. */
  maxTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).optional(),
  topP: z.number().gt(0).max(1).optional(),
  /** System message before the task's description. */
  system: z.string().optional(),
});

/** An eval as the runner is given it. Paths are relative to the folder of the file that they are written in. */
export const settingsSchema = z.strictObject({
  /** What asks and scores. */
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  /** The task's file. */
  task: z.string(),
  /** Files of the data set by split, in place of those that the task names. */
  data: z.record(z.string(), z.string()).default({}),
  /** Address of the server, without /v1. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  model: z.string().min(1),
  /** Requests in flight at most. */
  concurrency: z.int().min(1).max(4096).default(1),
  /** Examples before each question; without it the task's own number. */
  numFewshot: z.int().min(0).optional(),
  /** Questions that are asked: the first ones of the data set. */
  limit: z.int().min(1).optional(),
  /** Draws the examples, as lm-eval's `fewshot_random_seed`. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1234),
  generation: generationSchema.default({}),
  /** Attempts per question, with waits of 1, 1, 2, 4, 8 and then 10 seconds as in lm-eval. */
  maxAttempts: z.int().min(1).max(100).default(5),
  /** Seconds from the start of a request until its answer is complete. */
  requestTimeoutS: z.number().gt(0).max(86_400).default(1800),
  /** Environment variable that holds the key of the server. */
  apiKeyEnv: z.string().regex(/^\w+$/u).optional(),
  /** Folder that results.json and samples.jsonl are written to. */
  output: z.string().default('.'),
  /** Whether questions whose answers are in that folder are left out. */
  resume: z.boolean().default(false),
});

export type Settings = z.output<typeof settingsSchema>;
