import type { Plugin } from '@sweepline/core';
import { cpu } from './cpu.js';

export { cpu } from './cpu.js';

export default [cpu] satisfies readonly Plugin[];
