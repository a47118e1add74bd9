import type { FrameworkPlugin } from '@sweepline/core';
import { launchOf, MOCKER } from './jobs.js';
import { ENGINES } from './native/backends.js';
import { devicesOf, effective, intended } from './native/settings.js';
import { nativePlan } from './native/topology.js';
import { dynamoOptions, type DynamoOptions } from './options.js';
import { rejectsJob } from './rejects-job.js';
import { rejectsLaunch } from './rejects-launch.js';
import { submitPlan } from './srt-slurm/submit.js';

/** Dynamo over SGLang, TensorRT-LLM or vLLM: launched by srt-slurm or natively. */
export const dynamo: FrameworkPlugin<DynamoOptions> = {
  kind: 'framework',
  name: 'dynamo',
  apiVersion: 2,
  frameworks: ENGINES,
  options: dynamoOptions,
  rejects: (context) =>
    (context.strict ? undefined : rejectsJob(context.job, context.sku)) ?? rejectsLaunch(context),
  precisions: ['fp32', 'bf16', 'fp16', 'fp8', 'fp4', 'mxfp4', 'nvfp4', 'int8', 'int4'],
  devices: devicesOf,
  intended,
  effective,
  plan: (context) => (launchOf(context) === 'srtctl' ? submitPlan(context) : nativePlan(context)),
};

/** Dynamo over workers that only simulate an engine's timing: for tests of Dynamo and of software built on it, on any machine. */
export const dynamoMocker: FrameworkPlugin<DynamoOptions> = {
  ...dynamo,
  name: 'dynamo-mocker',
  frameworks: [MOCKER],
};
