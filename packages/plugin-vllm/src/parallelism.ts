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

/** What vLLM itself supports on one node, for any model. Source: vLLM docs/serving/parallelism_scaling. */
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
      'name a draft model with --speculative-config in options.extra-args, and set spec-decoding to none',
    nearest: () => ({ 'spec-decoding': 'none' }),
  },
  MTP_NEEDS_LAYERS,
  NO_DISAGGREGATION,
];

/**
 * All reasons against a job together, and the nearest job that would run. Jobs on several nodes belong to another plugin, so only its name
 * is given.
 */
export function rejects(context: PlanContext): Rejection | undefined {
  if (!isMultiNode(context.job)) return rejectByRules('vllm', RULES, context);
  return { reason: `${otherJobs('vllm').reason}; for several nodes use framework dynamo-vllm` };
}
