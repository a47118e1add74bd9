import type { Plugin } from '@sweepline/core';

/** The package adds commands, and no plugins. */
const plugins: readonly Plugin[] = [];
export default plugins;
