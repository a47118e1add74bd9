import { z } from 'zod';
import { settleForm } from '../prompts/form.js';
import { bustCache } from '../prompts/mark.js';
import { textPrompts } from '../prompts/text-prompts.js';
import { tokenIdPrompts } from '../prompts/token-ids.js';
import { form, positive, rangeRatio, seed, vocabulary } from './fields.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  kind: z.literal('random'),
  form,
  inputLen: positive,
  outputLen: positive,
  rangeRatio,
  /** Tokens before those of `inputLen` that all measured prompts share. */
  prefixLen: z.number().int().nonnegative().optional(),
  seed,
  vocabulary,
  bustCache,
});

export type RandomPrompts = z.output<typeof schema>;

/**
 * Random prompts. Without a tokenizer they are token-id arrays, or text whose length the server's usage corrects. Few of a run share
 * a beginning; the same seed gives the same prompts in every run.
 */
export const random: Workload<typeof schema> = {
  schema,
  async make(prompts, context) {
    const { spec } = context;
    const form = await settleForm(
      prompts,
      context,
      (vocabulary) => tokenIdPrompts(prompts, spec, vocabulary, []).probe,
    );
    if (form.kind === 'text') return textPrompts(prompts, context, form.notes);
    return tokenIdPrompts(prompts, spec, form.vocabulary, form.notes).prompts;
  },
};
