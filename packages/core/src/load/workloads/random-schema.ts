import { z } from 'zod';
import { bustCache } from '../prompts/mark.js';
import { form, length, lengthOrNone, rangeRatio, seed, vocabulary } from './fields.js';

/** The load spec schema of random prompts, separate from the code that makes them, which needs its type. */
export const randomSchema = z.strictObject({
  kind: z.literal('random'),
  form,
  inputLen: length,
  outputLen: length,
  rangeRatio,
  prefixLen: lengthOrNone.describe('Tokens at the beginning that all measured prompts share.').optional(),
  /** Texts are user messages in the model's chat template, which counts towards their length. */
  useChatTemplate: z.boolean().optional(),
  seed,
  vocabulary,
  bustCache,
});

export type RandomPrompts = z.output<typeof randomSchema>;
