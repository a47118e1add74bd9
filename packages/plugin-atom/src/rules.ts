import type { FlagValue, RecipePoint, Rules, Text } from '@sweepline/core';
import type { AtomOptions } from './options.js';

/** Common to all scripts: an FP8 KV cache, and a context for the longest scenario unless the lengths are short. */
export const COMMON: Rules<FlagValue> = {
  tp: ({ tp }) => tp,
  kv_cache_dtype: 'fp8',
  'max-model-len': ({ isl, osl }) => (isl === 1024 && osl === 1024 ? undefined : 10_240),
  // Experts are spread over all ranks or not at all.
  'enable-expert-parallel': ({ ep }) => (ep > 1 ? true : undefined),
};

/** Block size of the KV cache. The original's scripts take it from the environment. */
export const BLOCKS: Rules<FlagValue> = { 'block-size': blockSize };

/** The value in the entry's options, or 16. */
export function blockSize({ strict, env, options }: RecipePoint): FlagValue {
  const fromEnv = strict ? env['BLOCK_SIZE'] : undefined;
  // Workers that other frameworks start have no options.
  const { 'block-size': size } = (options ?? {}) as Partial<AtomOptions>;
  return fromEnv === undefined || fromEnv === '' ? (size ?? 16) : fromEnv;
}

/** One thread per rank: with more, they only compete for the cores. */
export const ONE_THREAD: Rules<Text> = { OMP_NUM_THREADS: '1' };
