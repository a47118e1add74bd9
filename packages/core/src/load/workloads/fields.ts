import { z } from 'zod';

/** What specs of several kinds have in common. */

export const positive = z.number().int().positive();

/** Tokens of a text at most: more than any model reads, and no more than memory holds. */
export const MOST_TOKENS = 2 ** 24;

export const lengthOrNone = z.number().int().nonnegative().max(MOST_TOKENS);
export const length = lengthOrNone.min(1);

/** `auto` asks the endpoint with one short request whether it takes token ids, and falls back to text. */
export const form = z.enum(['auto', 'token-ids', 'text']);

/** As NumPy's legacy generator takes them. */
export const seed = z.number().int().min(0).max(0xffffffff);

/** Lengths are drawn uniformly from [ratio × len, len], and are 1 at least. */
export const rangeRatio = z.number().min(0).max(1);

/** Ids of a vocabulary at most: a hundred times those of the largest. */
const MOST_IDS = 2 ** 24;

/** Token ids are drawn from [first, end): from two at least, as one alone makes all prompts alike. */
export const vocabulary = z
  .strictObject({ first: z.number().int().nonnegative(), end: positive.max(MOST_IDS) })
  .refine(({ first, end }) => first + 1 < end, 'first must be less than end by 2 or more')
  .optional();
