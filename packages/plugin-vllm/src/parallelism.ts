import {
  EXPERTS_OVER_ALL_OR_NONE,
  MTP_NEEDS_LAYERS,
  NO_CONTEXT_PARALLELISM,
  NO_DISAGGREGATION,
  NO_DP_ATTENTION,
  fitsNode,
  isMultiNode,
  otherJobs,
  rejectByRules,
  type JobRule,
  type PlanContext,
  type Rejection,
} from '@sweepline/core';

/** What vLLM itself can do on one node, whichever the model. Source: vLLM docs/serving/parallelism_scaling. */
const RULES: readonly JobRule[] = [
  fitsNode((job, { devicesPerNode }) => ({
    tp: devicesPerNode,
    ...((job.pp ?? 1) > 1 ? { pp: 1 } : {}),
    ...(job.ep > 1 ? { ep: devicesPerNode } : {}),
  })),
  EXPERTS_OVER_ALL_OR_NONE, // `--enable-expert-parallel` has no size
  NO_DP_ATTENTION,
  NO_CONTEXT_PARALLELISM,
  {
    keeps: (job) => job['spec-decoding'] !== 'draft_model',
    reason: () =>
      'a draft model is to be named by --speculative-config in options.extra-args, with spec-decoding none',
    nearest: () => ({ 'spec-decoding': 'none' }),
  },
  MTP_NEEDS_LAYERS,
  NO_DISAGGREGATION,
];

/** All that stands against a job at once, and the job that would do. For several nodes that is another plugin's, so its name must do. */
export function rejects(context: PlanContext): Rejection | undefined {
  if (!isMultiNode(context.job)) return rejectByRules('vllm', RULES, context);
  return { reason: `${otherJobs('vllm').reason}; for several nodes there is framework dynamo-vllm` };
}
