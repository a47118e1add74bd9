import type { Plugin } from '@sweepline/core';
import { amd } from './amd.js';

export { amd } from './amd.js';

export default [amd] satisfies readonly Plugin[];
