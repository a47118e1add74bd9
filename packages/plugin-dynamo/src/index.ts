import type { Plugin } from '@sweepline/core';
import { dynamo } from './dynamo.js';

export { dynamo } from './dynamo.js';
export { srtSlurmSettings, type SrtSlurmSettings } from './srt-slurm/settings.js';

export default [dynamo] satisfies readonly Plugin[];
