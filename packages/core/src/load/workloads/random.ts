import { z } from 'zod';
import { codecOf } from '../codecs/index.js';
import type { Outcome } from '../exchange.js';
import type { Ask, Prompt, Prompts } from '../prompts/prompt.js';
import { textPrompts } from '../prompts/text-prompts.js';
import { tokenIdPrompts, vocabulariesFor } from '../prompts/token-ids.js';
import type { LoadSpec } from '../spec.js';
import type { Workload } from './workload.js';

/** A server that reads ids as ids adds no more special tokens than this. */
const MOST_SPECIAL_TOKENS = 4;

const positive = z.number().int().positive();

const schema = z.strictObject({
  kind: z.literal('random'),
  /** `auto` asks the endpoint with one short request whether it takes token ids, and falls back to text. */
  form: z.enum(['auto', 'token-ids', 'text']),
  inputLen: positive,
  outputLen: positive,
  /** Lengths are drawn uniformly from [ratio × len, len]. */
  rangeRatio: z.number().gt(0).max(1),
  /** As NumPy's legacy generator takes them. */
  seed: z.number().int().min(0).max(0xffffffff),
  /** Token ids are drawn from [first, end). */
  vocabulary: z
    .strictObject({ first: z.number().int().nonnegative(), end: positive })
    .refine(({ first, end }) => first < end, 'first must be less than end')
    .optional(),
});

export type RandomPrompts = z.output<typeof schema>;

/** Random prompts. Without a tokenizer they are token-id arrays, or text whose length the server's usage corrects. */
export const random: Workload<typeof schema> = {
  schema,
  async make(prompts, { spec, ask }) {
    if (prompts.form === 'text') return textPrompts(prompts, spec, ask, []);
    const isAuto = prompts.form === 'auto';
    if (!codecOf(spec.endpoint.api).takesTokenIds) {
      const notes = isAuto ? [] : ['prompts are text, as the API takes no token ids'];
      return textPrompts(prompts, spec, ask, notes);
    }
    const ids = await idPrompts(prompts, spec, ask);
    if ('prompts' in ids) return ids.prompts;
    return textPrompts(prompts, spec, ask, [
      `prompts are text, as the endpoint takes no token ids: ${ids.refusal}`,
    ]);
  },
};

/** Prompts of ids that the endpoint takes, or why it takes none; forced ones are given with that as a note. */
async function idPrompts(
  random: RandomPrompts,
  spec: LoadSpec,
  ask: Ask,
): Promise<{ readonly prompts: Prompts } | { readonly refusal: string }> {
  let refusal = '';
  for (const vocabulary of vocabulariesFor(random)) {
    const { probe, prompts } = tokenIdPrompts(random, spec, vocabulary);
    const answer = await ask(probe, random.form === 'auto');
    const why = whyNotIds(answer, probe);
    if (why === undefined || random.form === 'token-ids') {
      const notes = [...prompts.facts.notes, ...(why === undefined ? [] : [why]), ...unchecked(answer)];
      return { prompts: { ...prompts, facts: { ...prompts.facts, notes } } };
    }
    refusal ||= why;
  }
  return { refusal };
}

function whyNotIds(answer: Outcome, { lengths }: Prompt): string | undefined {
  if (answer.state !== 'completed') return answer.error?.message ?? answer.state;
  if (answer.serverPromptTokens === undefined) return undefined;
  const specials = answer.serverPromptTokens - lengths.requestedPromptTokens;
  if (specials >= 0 && specials <= MOST_SPECIAL_TOKENS) return undefined;
  return `it counted ${answer.serverPromptTokens} prompt tokens where ${lengths.requestedPromptTokens} were sent`;
}

/** Without usage nothing speaks against ids that were taken, and text could not be measured either. */
function unchecked(answer: Outcome): string[] {
  return answer.serverPromptTokens === undefined
    ? ['the server gives no prompt_tokens: prompt lengths are unchecked']
    : [];
}
