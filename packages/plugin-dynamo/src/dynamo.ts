import type { FrameworkPlugin } from '@sweepline/core';
import { launchOf } from './jobs.js';
import { FRAMEWORKS } from './native/backends.js';
import { nativePlan } from './native/topology.js';
import { dynamoOptions, type DynamoOptions } from './options.js';
import { refuses } from './refuses.js';
import { rejects } from './rejects.js';
import { submitPlan } from './srt-slurm/submit.js';

/** Dynamo over SGLang, TensorRT-LLM, vLLM or mockers: as srt-slurm starts it, or started natively. */
export const dynamo: FrameworkPlugin<DynamoOptions> = {
  kind: 'framework',
  name: 'dynamo',
  apiVersion: 1,
  frameworks: FRAMEWORKS,
  options: dynamoOptions,
  rejects,
  refuses,
  plan: (context) => (launchOf(context) === 'srtctl' ? submitPlan(context) : nativePlan(context)),
};
