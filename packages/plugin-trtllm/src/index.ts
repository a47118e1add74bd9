import type { Plugin } from '@sweepline/core';
import { trtllmRecipes } from './recipes.js';
import { trtllm } from './trtllm.js';

export { trtllmRecipes } from './recipes.js';
/** The parts that recipes share, for recipes of other packages. */
export * as rules from './rules.js';
export { trtllm } from './trtllm.js';

export default [trtllm, trtllmRecipes] satisfies readonly Plugin[];
