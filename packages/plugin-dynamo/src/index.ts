import type { Plugin } from '@sweepline/core';
import { dynamo, dynamoMocker } from './dynamo.js';

export { dynamo, dynamoMocker } from './dynamo.js';
export { srtSlurmSettings, type SrtSlurmSettings } from './srt-slurm/settings.js';

export default [dynamo, dynamoMocker] satisfies readonly Plugin[];
