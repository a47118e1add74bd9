import {
  NO_CONTEXT_PARALLELISM,
  NO_DISAGGREGATION,
  fitsNode,
  rejectByRules,
  type JobRule,
  type PlanContext,
  type Rejection,
  type SingleNodeJob,
  type Sku,
} from '@sweepline/core';

const DRAFT_MODEL = '--speculative-draft-model-path';

/** What SGLang itself supports on one node, for any model. Source: SGLang docs/advanced_features/server_arguments.md. */
const RULES: readonly JobRule[] = [
  fitsNode((job, sku) => ({ ...wholeNode(job, sku), ep: largestDivisor(sku.devicesPerNode, job.ep) })),
  {
    // Expert-parallel ranks use the devices of the tensor-parallel ranks.
    keeps: ({ tp, ep }) => ep <= tp && tp % ep === 0,
    reason: ({ tp, ep }) => `ep ${ep} does not divide tp ${tp}`,
    nearest: (job, sku) => ({ ...wholeNode(job, sku), ep: largestDivisor(sku.devicesPerNode, job.ep) }),
  },
  {
    keeps: (job) => !job['dp-attn'] || job.tp > 1,
    reason: () => 'data-parallel attention needs a tp above 1',
    nearest: wholeNode,
  },
  NO_CONTEXT_PARALLELISM,
  {
    keeps: (job) => job['spec-decoding'] !== 'draft_model' || hasDraftModel(job),
    reason: () => `name a draft model with ${DRAFT_MODEL} in options.extra-args`,
    nearest: () => ({ 'spec-decoding': 'none' }),
  },
  NO_DISAGGREGATION,
];

/** All reasons against a job together, and the nearest job that would run. */
export function rejects(context: PlanContext): Rejection | undefined {
  return rejectByRules('sglang', RULES, context);
}

/** All devices of one node; every recipe has settings for this number. */
function wholeNode(job: SingleNodeJob, { devicesPerNode }: Sku): Readonly<Record<string, unknown>> {
  return {
    tp: devicesPerNode,
    ...((job.pp ?? 1) > 1 ? { pp: 1 } : {}),
    ...(job['dp-attn'] && devicesPerNode === 1 ? { 'dp-attn': false } : {}),
  };
}

/** The largest divisor that is not above `limit`. */
export function largestDivisor(of: number, limit: number): number {
  return (
    Array.from({ length: Math.min(of, limit) }, (_, index) => index + 1).findLast((n) => of % n === 0) ?? 1
  );
}

function hasDraftModel(job: SingleNodeJob): boolean {
  const given = job.options?.['extra-args'];
  return Array.isArray(given) && given.some((arg) => String(arg).startsWith(DRAFT_MODEL));
}
