import {
  downloadModel,
  type FlagValue,
  type Recipe,
  type RecipePlugin,
  type RecipePoint,
  type Rules,
  type Text,
} from '@sweepline/core';
import type { AtomOptions } from './options.js';

/** The launcher of MI355X chooses another script for MTP, and the plain one for anything else. */
const PLAIN = ['none', 'draft_model'];

const script = (name: string): string => `InferenceX benchmarks/${name}.sh at 7ee5be7`;

/** Common to all scripts: an FP8 KV cache, and room for the longest scenario unless the lengths are short. */
const COMMON: Rules<FlagValue> = {
  tp: ({ tp }) => tp,
  kv_cache_dtype: 'fp8',
  'max-model-len': ({ isl, osl }) => (isl === 1024 && osl === 1024 ? undefined : 10_240),
  // Experts are spread over all ranks or over none.
  'enable-expert-parallel': ({ ep }) => (ep > 1 ? true : undefined),
};

/** Blocks of the KV cache. The original's scripts take their size from the environment. */
const BLOCKS: Rules<FlagValue> = { 'block-size': blockSize };

function blockSize({ strict, env, options }: RecipePoint): FlagValue {
  const fromEnv = strict ? env['BLOCK_SIZE'] : undefined;
  // Workers that others start come without options.
  const { 'block-size': size } = (options ?? {}) as Partial<AtomOptions>;
  return fromEnv === undefined || fromEnv === '' ? (size ?? 16) : fromEnv;
}

/** One thread for each rank: more of them only take turns on the cores. */
const ONE_THREAD: Rules<Text> = { OMP_NUM_THREADS: '1' };

/** The original lets the server fetch the weights. */
const download: Recipe['setup'] = (point) => (point.strict ? [] : downloadModel(point));

const plain = (model: string, precision: string, env: Rules<Text> = {}): Recipe => ({
  match: { model, precision, sku: 'mi355x', spec: PLAIN },
  source: script(`${model}_${precision}_mi355x_atom`),
  setup: download,
  flags: { ...COMMON, ...BLOCKS },
  env: { ...ONE_THREAD, ...env },
});

/** Drafts by the model's own MTP layers. */
const mtp = (model: string, precision: string, env: Rules<Text> = {}): Recipe => ({
  match: { model, precision, sku: 'mi355x', spec: 'mtp' },
  source: script(`${model}_${precision}_mi355x_atom_mtp`),
  setup: download,
  flags: { ...COMMON, method: 'mtp' },
  env: { ...ONE_THREAD, ...env },
});

/** Any other model or GPU of AMD's: what all scripts have in common. */
const anyModel: Recipe = {
  match: {},
  source: 'Sweepline, from what InferenceX benchmarks/*_atom*.sh at 7ee5be7 have in common',
  generic: true,
  setup: download,
  flags: {
    ...COMMON,
    'max-model-len': ({ maxModelLen }) => maxModelLen,
    'block-size': (point) => (point.spec === 'mtp' ? undefined : blockSize(point)),
    method: ({ spec }) => (spec === 'mtp' ? 'mtp' : undefined),
  },
  env: ONE_THREAD,
};

/** A model's recipes are listed here and nowhere else. */
export const atomRecipes: RecipePlugin = {
  kind: 'recipes',
  name: 'atom-recipes',
  apiVersion: 1,
  framework: 'atom',
  recipes: [
    plain('dsr1', 'fp8'),
    plain('dsr1', 'fp4'),
    mtp('dsr1', 'fp8'),
    // Buffer instructions for loads and stores.
    mtp('dsr1', 'fp4', { AMDGCN_USE_BUFFER_OPS: '1' }),
    // Without it this version of ATOM takes the model for another.
    plain('gptoss', 'fp4', { ATOM_GPT_OSS_MODEL: '1' }),
    anyModel,
  ],
};
