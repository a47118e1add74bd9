import type { Plugin } from '@sweepline/core';
import { taskRunner } from './plugins/task-runner.js';

export default [taskRunner] satisfies readonly Plugin[];
