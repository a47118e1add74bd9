import { z } from 'zod';
import type { Concurrencies } from '../model.js';
import { nullableFlag, text, wholeAboveZero, wholeFromZero } from './common.js';

/** A refinement's context, reduced to what is used. */
export interface Refinement {
  addIssue(issue: { code: 'custom'; message: string; path?: PropertyKey[] }): void;
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** Fields of search spaces of all kinds and dialects. */
export const spaceFields = {
  'spec-decoding': z
    .enum(['none', 'mtp', 'draft_model'])
    .optional()
    .describe('Speculative decoding; default none.'),
  'conc-start': wholeAboveZero.nullish().describe('Lowest concurrency of a range.'),
  'conc-end': wholeAboveZero.nullish().describe('Highest concurrency of a range.'),
  'conc-list': z.array(wholeAboveZero).nullish().describe('Concurrencies, one by one, instead of a range.'),
};

export const singleNodeFields = {
  tp: wholeAboveZero.describe('Tensor parallelism: GPUs that hold one layer.'),
  ep: wholeFromZero.nullish().describe('Expert parallelism, within tp; default 1.'),
  'dp-attn': nullableFlag.describe('Data-parallel attention; default false.'),
};

/** A worker's fields in both dialects. */
export const workerFields = {
  'num-worker': wholeFromZero.describe('Workers of this kind.'),
  tp: wholeAboveZero.describe('Tensor parallelism of each worker.'),
  ep: wholeFromZero.describe('Expert parallelism of each worker.'),
  'dp-attn': z.boolean({ error: 'expected true or false' }).describe('Data-parallel attention.'),
  'additional-settings': z.array(text).nullish().describe('Settings for the launch script, as NAME=value.'),
};

/**
 * Sweepline's own key: a load other than random prompts in a closed loop. Its content is checked by code that is only imported
 * for configs with a load.
 */
export const loadField = z.record(z.string(), z.unknown(), { error: 'expected a map of fields' });

export const lengthFields = {
  isl: wholeAboveZero.describe('Input tokens of a request.'),
  osl: wholeAboveZero.describe('Output tokens of a request.'),
  load: loadField.optional(),
};

/** The search spaces of a scenario. */
export function searchSpace<Space extends z.ZodType>(space: Space) {
  return z.array(space).describe('Settings to try, each with its concurrencies.');
}

/** A range or a list, never both; an empty list counts as none. */
export function checkConcurrencies(space: Nullable<Concurrencies>, context: Refinement): void {
  const { 'conc-start': start, 'conc-end': end, 'conc-list': list } = space;
  const given = (value: unknown): boolean => value !== undefined && value !== null;
  const range = given(start) && given(end);
  const listed = (list?.length ?? 0) > 0;
  const choice = 'either conc-start and conc-end, or conc-list';
  if (range && listed) {
    context.addIssue({ code: 'custom', message: `expected ${choice}, not both`, path: ['conc-list'] });
  } else if (!range && !listed) {
    context.addIssue({ code: 'custom', message: `expected ${choice}` });
  } else if (range && (start ?? 0) > (end ?? 0)) {
    const message = `expected at least conc-start, which is ${start ?? 0}`;
    context.addIssue({ code: 'custom', message, path: ['conc-end'] });
  }
}
