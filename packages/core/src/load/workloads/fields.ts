import { z } from 'zod';
import { MOST_TOKENS, positiveInteger, type Flag } from '../spec/flags.js';
import type { FieldProblem, GivenFields, ScenarioShape } from './scenario-prompts.js';

/** Fields of several kinds of spec. */

export const positive = z.number().int().positive();

export const lengthOrNone = z.number().int().nonnegative().max(MOST_TOKENS);
export const length = lengthOrNone.min(1);

/** `auto` sends one short request to find out whether the endpoint accepts token ids, and falls back to text. */
export const form = z.enum(['auto', 'token-ids', 'text']);

/** The range of NumPy's legacy generator. */
export const seed = z.number().int().min(0).max(0xffffffff).describe('Seed of the prompts.');

export const rangeRatio = z
  .number()
  .min(0)
  .max(1)
  .describe('Lengths are drawn uniformly from [ratio × len, len], and are at least 1.');

/** Most ids of a vocabulary: a hundred times the largest known. */
const MOST_IDS = 2 ** 24;

/** Token ids are drawn from [first, end). At least two are needed, as a single one makes all prompts equal. */
export const vocabulary = z
  .strictObject({ first: z.number().int().nonnegative(), end: positive.max(MOST_IDS) })
  .refine(({ first, end }) => first + 1 < end, 'first must be less than end by 2 or more')
  .optional();

/** --max-total-tokens, for kinds whose data set may have requests that are too long. */
export const maxTotalTokens = {
  takes: '<n>',
  help: 'sharegpt, mooncake: most tokens of prompt and output together; default for sharegpt: 2048',
  parse: positiveInteger,
} satisfies Flag;

/** Number of shared prompt tokens in a config. */
export function prefixOf({ prefixLen }: GivenFields): number {
  return typeof prefixLen === 'number' ? prefixLen : 0;
}

/** Finds a prefix that leaves no room for the rest of a prompt. */
export function prefixProblem(given: GivenFields, { isl }: ScenarioShape): FieldProblem | undefined {
  if (prefixOf(given) < isl) return undefined;
  return {
    field: 'prefixLen',
    message: `expected less than isl, which is ${isl}: the prefix is a part of it`,
  };
}
