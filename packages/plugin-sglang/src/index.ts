import type { Plugin } from '@sweepline/core';
import { sglangDisagg } from './disagg/sglang-disagg.js';
import { sglangRecipes } from './recipes.js';
import { sglang } from './sglang.js';

export { disaggClusterSettings, type DisaggClusterSettings } from './disagg/settings.js';
export { sglangDisagg } from './disagg/sglang-disagg.js';
export { sglangRecipes } from './recipes.js';
/** The parts that recipes share, for recipes of other packages. */
export * as rules from './rules.js';
export { sglang } from './sglang.js';

export default [sglang, sglangRecipes, sglangDisagg] satisfies readonly Plugin[];
