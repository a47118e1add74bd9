import type { Plugin } from '@sweepline/core';
import { nvidia } from './nvidia.js';

export { nvidia } from './nvidia.js';

export default [nvidia] satisfies readonly Plugin[];
