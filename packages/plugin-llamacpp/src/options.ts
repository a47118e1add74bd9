import { z } from '@sweepline/core';
import { isSynthetic, syntheticSize } from './gguf/sizes.js';

const positive = z.number().int().positive();

const model = z
  .string()
  .min(1)
  .superRefine((value, context) => {
    try {
      if (isSynthetic(value)) syntheticSize(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

/** A config entry's `options:` for the framework `llamacpp`. */
export const llamacppOptions = z.strictObject({
  /** Path of a GGUF file on the node, or `synthetic:SIZE`. Default: the entry's `model`. */
  model: model.optional(),
  /**
   * `node`: the server in this package, which needs node-llama-cpp; `auto` is the same. Anything else is a
   * llama-server binary: its path, or `llama-server` for the one on the node's PATH.
   */
  server: z.string().min(1).default('auto'),
  /** Default: one. With more, a busy neighbour on one core stalls all of them. */
  threads: positive.default(1),
  /** The most tokens evaluated in one step. */
  'batch-size': positive.default(512),
  /** Seed of a synthetic model's weights. */
  seed: z.number().int().nonnegative().default(0),
  /** Appended to the server's arguments; if one is given twice, the last counts. With `-lv 4` llama-server logs more settings. */
  'extra-args': z.array(z.string().min(1)).default([]),
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
  /** Default: a free port. */
  port: positive.max(65_535).optional(),
});

export type LlamacppOptions = z.output<typeof llamacppOptions>;
