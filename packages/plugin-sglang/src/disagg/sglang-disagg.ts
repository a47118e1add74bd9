import { isFixedSeqLen, isMultiNode, SweeplineError, type FrameworkPlugin } from '@sweepline/core';
import { effective } from '../effective.js';
import { devicesOfWorker, intendedOfWorkers } from '../intended.js';
import { disaggOptions, type DisaggOptions } from '../options.js';
import { launchOf } from './launch.js';
import { nativePlan } from './native.js';
import { OTHER_JOBS, rejectsJob } from './rejects.js';
import { submitPlan, submitRefusal } from './submit.js';

/** SGLang with separate prefill and decode: submitted as in InferenceX, or started natively. */
export const sglangDisagg: FrameworkPlugin<DisaggOptions> = {
  kind: 'framework',
  name: 'sglang-disagg',
  apiVersion: 2,
  frameworks: ['sglang-disagg'],
  requires: ['framework:sglang'],
  options: disaggOptions,
  rejects(context) {
    const { job, sku, strict } = context;
    if (!isMultiNode(job) || !isFixedSeqLen(job)) return OTHER_JOBS;
    const rejection = strict ? undefined : rejectsJob(job, sku);
    return rejection ?? (launchOf(context) === 'submit' ? submitRefusal(context, job) : undefined);
  },
  plan(context) {
    const { job } = context;
    if (!isMultiNode(job) || !isFixedSeqLen(job)) {
      throw new SweeplineError('PLAN_UNSUPPORTED', OTHER_JOBS.reason);
    }
    return launchOf(context) === 'submit' ? submitPlan(context, job) : nativePlan(context, job);
  },
  devices: devicesOfWorker,
  intended: intendedOfWorkers,
  effective,
};
