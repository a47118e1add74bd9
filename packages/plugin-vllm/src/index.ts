import type { Plugin } from '@sweepline/core';
import { vllmRecipes } from './recipes.js';
import { vllm } from './vllm.js';

export { vllmRecipes } from './recipes.js';
/** The parts that recipes share, for recipes of other packages. */
export * as rules from './rules.js';
export { vllm } from './vllm.js';

export default [vllm, vllmRecipes] satisfies readonly Plugin[];
