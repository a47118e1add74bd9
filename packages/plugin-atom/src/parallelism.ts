import {
  EXPERTS_OVER_ALL_OR_NONE,
  MTP_NEEDS_LAYERS,
  NO_CONTEXT_PARALLELISM,
  NO_DISAGGREGATION,
  NO_DP_ATTENTION,
  fitsNode,
  rejectByRules,
  type JobRule,
  type PlanContext,
  type Rejection,
} from '@sweepline/core';

/** What ATOM is known to support on one node: everything that InferenceX's scripts request, benchmarks/*_atom*.sh at 7ee5be7. */
const RULES: readonly JobRule[] = [
  {
    keeps: (_job, sku) => sku.vendor !== 'nvidia' && sku.device === 'gpu',
    reason: (_job, sku) => `it runs only on AMD GPUs, not on ${sku.name}`,
    nearest: () => ({ runner: 'mi355x' }),
  },
  {
    keeps: ({ pp = 1 }) => pp === 1,
    reason: () => 'it has no pipeline parallelism',
    nearest: () => ({ pp: 1 }),
  },
  fitsNode((job, { devicesPerNode }) => ({
    tp: devicesPerNode,
    ...(job.ep > 1 ? { ep: devicesPerNode } : {}),
  })),
  EXPERTS_OVER_ALL_OR_NONE, // `--enable-expert-parallel` has no size
  NO_DP_ATTENTION,
  NO_CONTEXT_PARALLELISM,
  {
    keeps: (job) => job['spec-decoding'] !== 'draft_model',
    reason: () => 'it does not take draft models',
    nearest: () => ({ 'spec-decoding': 'none' }),
  },
  MTP_NEEDS_LAYERS,
  NO_DISAGGREGATION,
];

/** All reasons against a job together, and the nearest job that would run. */
export function rejects(context: PlanContext): Rejection | undefined {
  return rejectByRules('atom', RULES, context);
}
