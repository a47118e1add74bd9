import type { Plugin } from '@sweepline/core';
import { llamacpp } from './llamacpp.js';

export { llamacpp } from './llamacpp.js';

export default [llamacpp] satisfies readonly Plugin[];
