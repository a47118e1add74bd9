import { z } from '@sweepline/core';

/** What a model answered. */
export interface Answer {
  /** What is scored. */
  readonly text: string;
  /** Where it is from: `reasoning` where the content is empty and the server gave its reasoning apart. */
  readonly from: 'content' | 'reasoning';
  /** The reasoning that the server gave apart from the content. */
  readonly reasoning?: string;
  readonly finish?: string;
  readonly usage?: { readonly input: number; readonly output: number };
}

const nullableText = z.string().nullish();
const count = z.int().min(0);

/** Servers add fields of their own. */
const completionSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content: nullableText, reasoning_content: nullableText }),
        finish_reason: nullableText,
      }),
    )
    .min(1),
  usage: z.looseObject({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
});

/**
 * Reads a chat completion. If its content is empty or null, its `reasoning_content` is the answer, as with InferenceX's patch of
 * lm-eval (utils/evals/patches of InferenceX at 843c625); without either the answer is empty.
 * @returns undefined for a text that is no chat completion
 */
export function readAnswer(text: string): Answer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = completionSchema.safeParse(value);
  const choice = parsed.data?.choices[0];
  if (choice === undefined) return undefined;
  const { content, reasoning_content: given } = choice.message;
  const reasoning = given ?? '';
  const isReasoning = (content ?? '') === '' && reasoning !== '';
  const usage = parsed.data?.usage ?? undefined;
  return {
    text: isReasoning ? reasoning : (content ?? ''),
    from: isReasoning ? 'reasoning' : 'content',
    ...(reasoning !== '' && { reasoning }),
    ...(typeof choice.finish_reason === 'string' && { finish: choice.finish_reason }),
    ...(usage !== undefined && { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } }),
  };
}
