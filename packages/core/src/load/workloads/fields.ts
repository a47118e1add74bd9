import { z } from 'zod';
import { MOST_TOKENS, positiveInteger, type Flag } from '../spec/flags.js';
import type { FieldProblem, GivenFields, ScenarioShape } from './scenario-prompts.js';

/** What specs of several kinds have in common. */

export const positive = z.number().int().positive();

export const lengthOrNone = z.number().int().nonnegative().max(MOST_TOKENS);
export const length = lengthOrNone.min(1);

/** `auto` asks the endpoint with one short request whether it takes token ids, and falls back to text. */
export const form = z.enum(['auto', 'token-ids', 'text']);

/** As NumPy's legacy generator takes them. */
export const seed = z.number().int().min(0).max(0xffffffff).describe('Seed of the prompts.');

export const rangeRatio = z
  .number()
  .min(0)
  .max(1)
  .describe('Lengths are drawn uniformly from [ratio × len, len], and are 1 at least.');

/** Ids of a vocabulary at most: a hundred times those of the largest. */
const MOST_IDS = 2 ** 24;

/** Token ids are drawn from [first, end): from two at least, as one alone makes all prompts alike. */
export const vocabulary = z
  .strictObject({ first: z.number().int().nonnegative(), end: positive.max(MOST_IDS) })
  .refine(({ first, end }) => first + 1 < end, 'first must be less than end by 2 or more')
  .optional();

/** --max-total-tokens, of the kinds whose data set may have requests that are too long. */
export const maxTotalTokens = {
  takes: '<n>',
  help: 'sharegpt, mooncake: tokens of prompt and output, at most; default for sharegpt: 2048',
  parse: positiveInteger,
} satisfies Flag;

/** What a config says of the tokens that prompts share. */
export function prefixOf({ prefixLen }: GivenFields): number {
  return typeof prefixLen === 'number' ? prefixLen : 0;
}

/** A prefix that leaves nothing of a prompt. */
export function prefixProblem(given: GivenFields, { isl }: ScenarioShape): FieldProblem | undefined {
  if (prefixOf(given) < isl) return undefined;
  return {
    field: 'prefixLen',
    message: `expected less than isl, which is ${isl}: the prefix is a part of it`,
  };
}
