import type { Plugin } from '@sweepline/core';
import { report } from './report.js';

export * from './site/site-data.js';
export * from './site/table.js';

/** Its commands are declared in package.json. */
export default [report] satisfies readonly Plugin[];
