import { downloadModel, type Recipe, type RecipePlugin, type Rules, type Text } from '@sweepline/core';
import { BLOCKS, COMMON, ONE_THREAD, blockSize } from './rules.js';

/** MI355X's launcher chooses another script for MTP, and the plain one for everything else. */
const PLAIN = ['none', 'draft_model'];

const script = (name: string): string => `InferenceX benchmarks/${name}.sh at 7ee5be7`;

/** The original lets the server fetch the weights. */
const download: Recipe['setup'] = (point) => (point.strict ? [] : downloadModel(point));

const plain = (model: string, precision: string, env: Rules<Text> = {}): Recipe => ({
  match: { model, precision, sku: 'mi355x', spec: PLAIN },
  source: script(`${model}_${precision}_mi355x_atom`),
  setup: download,
  flags: { ...COMMON, ...BLOCKS },
  env: { ...ONE_THREAD, ...env },
});

/** Drafts with the model's own MTP layers. */
const mtp = (model: string, precision: string, env: Rules<Text> = {}): Recipe => ({
  match: { model, precision, sku: 'mi355x', spec: 'mtp' },
  source: script(`${model}_${precision}_mi355x_atom_mtp`),
  setup: download,
  flags: { ...COMMON, method: 'mtp' },
  env: { ...ONE_THREAD, ...env },
});

/** Any other model or AMD GPU: the settings that all scripts share. */
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

/** A recipe with everything in the original's script: nothing of the generic recipe is added. */
const complete = (recipe: Recipe): Recipe => ({ ...recipe, replaces: true });

/** Recipes of a model are listed only here. */
const ofScripts: readonly Recipe[] = [
  plain('dsr1', 'fp8'),
  plain('dsr1', 'fp4'),
  mtp('dsr1', 'fp8'),
  // Buffer instructions for loads and stores.
  mtp('dsr1', 'fp4', { AMDGCN_USE_BUFFER_OPS: '1' }),
  // Without it this version of ATOM mistakes the model for another one.
  plain('gptoss', 'fp4', { ATOM_GPT_OSS_MODEL: '1' }),
];

export const atomRecipes: RecipePlugin = {
  kind: 'recipes',
  name: 'atom-recipes',
  apiVersion: 2,
  framework: 'atom',
  recipes: [...ofScripts.map(complete), anyModel],
};
