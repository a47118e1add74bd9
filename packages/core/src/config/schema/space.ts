import { z } from 'zod';
import { FIELD } from '../fields.js';
import type { Concurrencies } from '../model.js';
import { nullableFlag, text, wholeAboveZero, wholeFromZero } from './common.js';

/** A refinement's context, as far as it is used. */
export interface Refinement {
  addIssue(issue: { code: 'custom'; message: string; path?: PropertyKey[] }): void;
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** What search spaces of all kinds and dialects have. */
export const spaceFields = {
  [FIELD.specDecoding]: z
    .enum(['none', 'mtp', 'draft_model'])
    .optional()
    .describe('Speculative decoding; default none.'),
  [FIELD.concStart]: wholeAboveZero.nullish().describe('Lowest concurrency of a range.'),
  [FIELD.concEnd]: wholeAboveZero.nullish().describe('Highest concurrency of a range.'),
  [FIELD.concList]: z
    .array(wholeAboveZero)
    .nullish()
    .describe('Concurrencies, one by one, instead of a range.'),
};

export const singleNodeFields = {
  [FIELD.tp]: wholeAboveZero.describe('Tensor parallelism: GPUs that hold one layer.'),
  [FIELD.ep]: wholeFromZero.nullish().describe('Expert parallelism, within tp; default 1.'),
  [FIELD.dpAttn]: nullableFlag.describe('Data-parallel attention; default false.'),
};

/** A worker's fields that both dialects have. */
export const workerFields = {
  [FIELD.numWorker]: wholeFromZero.describe('Workers of this kind.'),
  [FIELD.tp]: wholeAboveZero.describe('Tensor parallelism of each worker.'),
  [FIELD.ep]: wholeFromZero.describe('Expert parallelism of each worker.'),
  [FIELD.dpAttn]: z.boolean({ error: 'expected true or false' }).describe('Data-parallel attention.'),
  [FIELD.additionalSettings]: z
    .array(text)
    .nullish()
    .describe('Settings handed to the launch script, as NAME=value.'),
};

export const lengthFields = {
  [FIELD.isl]: wholeAboveZero.describe('Input tokens of a request.'),
  [FIELD.osl]: wholeAboveZero.describe('Output tokens of a request.'),
};

/** The search spaces of a scenario. */
export function searchSpace<Space extends z.ZodType>(space: Space) {
  return z.array(space).describe('What is tried: settings, each with its concurrencies.');
}

/** A range or a list, and never both; an empty list is none. */
export function checkConcurrencies(space: Nullable<Concurrencies>, context: Refinement): void {
  const { [FIELD.concStart]: start, [FIELD.concEnd]: end, [FIELD.concList]: list } = space;
  const given = (value: unknown): boolean => value !== undefined && value !== null;
  const range = given(start) && given(end);
  const listed = (list?.length ?? 0) > 0;
  const choice = `either ${FIELD.concStart} and ${FIELD.concEnd}, or ${FIELD.concList}`;
  if (range && listed) {
    context.addIssue({ code: 'custom', message: `expected ${choice}, not both`, path: [FIELD.concList] });
  } else if (!range && !listed) {
    context.addIssue({ code: 'custom', message: `expected ${choice}` });
  } else if (range && (start ?? 0) > (end ?? 0)) {
    const message = `expected at least ${FIELD.concStart}, which is ${start ?? 0}`;
    context.addIssue({ code: 'custom', message, path: [FIELD.concEnd] });
  }
}
