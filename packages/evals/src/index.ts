import type { Plugin } from '@sweepline/core';
import { lmEval } from './plugins/lm-eval.js';
import { taskRunner } from './plugins/task-runner.js';

export default [taskRunner, lmEval] satisfies readonly Plugin[];
