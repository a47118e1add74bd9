import { z } from 'zod';
import { SweeplineError, messageOf } from '../errors.js';

/** Tables have an entry for each id up to the highest: that of a broken file must not use up all memory. */
export const MOST_ID = 2 ** 24;

const component = z.looseObject({ type: z.string() });

const addedToken = z.looseObject({
  id: z.int().min(0).max(MOST_ID),
  content: z.string(),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
});

/** The parts of a `tokenizer.json` that describe how text is encoded and decoded. */
export const tokenizerJsonSchema = z.looseObject({
  added_tokens: z.array(addedToken).default([]),
  normalizer: component.nullish(),
  pre_tokenizer: component.nullish(),
  // Vocabularies have hundreds of thousands of entries: the models read them; they are not checked one by one.
  model: z.looseObject({ type: z.string().optional(), vocab: z.unknown(), merges: z.unknown().optional() }),
  decoder: component.nullish(),
});

export type TokenizerJson = z.output<typeof tokenizerJsonSchema>;
export type Component = z.output<typeof component>;
export type AddedToken = z.output<typeof addedToken>;
export type ModelJson = TokenizerJson['model'];

/** @throws {SweeplineError} TOKENIZER_INVALID if it is not JSON, or doesn't match the schema. */
export function parseJson<S extends z.ZodType>(text: string, schema: S, file: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SweeplineError('TOKENIZER_INVALID', `not JSON: ${messageOf(cause)}`, {
      where: { file },
      cause,
    });
  }
  return checked(value, schema, { file });
}

/** @throws {SweeplineError} TOKENIZER_INVALID if it doesn't match the schema. */
export function checked<S extends z.ZodType>(
  value: unknown,
  schema: S,
  { file, key }: { readonly file?: string; readonly key?: string },
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SweeplineError('TOKENIZER_INVALID', issue?.message ?? 'not a tokenizer', {
    where: {
      ...(file !== undefined && { file }),
      key: [...(key === undefined ? [] : [key]), ...(issue?.path ?? [])].join('.'),
    },
    hint: 'Give the tokenizer.json that the tokenizers library saves next to the model',
  });
}

/** The error for an unknown part of a tokenizer without which results would differ. */
export function unsupported(key: string, what: string, known: string): SweeplineError {
  return new SweeplineError('TOKENIZER_INVALID', `${what} is not supported`, {
    where: { key },
    hint: `${known}. Without a tokenizer, prompts are token ids, or text whose length the server's own count corrects`,
  });
}
