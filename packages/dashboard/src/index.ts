import type { Plugin } from '@sweepline/core';

export * from './site/site-data.js';
export * from './site/table.js';

/** Its commands are declared in package.json. */
export default [] satisfies readonly Plugin[];
