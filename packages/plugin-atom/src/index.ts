import type { Plugin } from '@sweepline/core';
import { atom } from './atom.js';
import { atomRecipes } from './recipes.js';

export { atom } from './atom.js';
export { atomRecipes } from './recipes.js';
/** The parts that recipes share, for recipes of other packages. */
export * as rules from './rules.js';

export default [atom, atomRecipes] satisfies readonly Plugin[];
