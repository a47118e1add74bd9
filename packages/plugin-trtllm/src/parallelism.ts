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
import { SPECULATION, namesSpeculation } from './options.js';

/** What TensorRT-LLM itself supports on one node, for any model. Source: TensorRT-LLM tensorrt_llm/mapping.py. */
const RULES: readonly JobRule[] = [
  fitsNode(wholeNode),
  {
    // Experts are split by ep, and each expert by the rest of tp: the product of the two is tp.
    keeps: ({ tp, ep }) => tp % ep === 0,
    reason: ({ tp, ep }) => `ep ${ep} does not divide tp ${tp}`,
    nearest: ({ tp, ep }, { devicesPerNode }) => ({ ep: largestDivisor(Math.min(tp, devicesPerNode), ep) }),
  },
  {
    keeps: (job) => !job['dp-attn'] || job.tp > 1,
    reason: () => 'data-parallel attention spreads requests over tp, which is 1',
    nearest: () => ({ 'dp-attn': false }),
  },
  NO_CONTEXT_PARALLELISM,
  {
    keeps: (job) => job['spec-decoding'] !== 'draft_model' || namesSpeculation(job.options),
    reason: () => `name a draft model with ${SPECULATION} in options.config`,
    nearest: () => ({ 'spec-decoding': 'none' }),
  },
  NO_DISAGGREGATION,
];

/** All reasons against a job together, and the nearest job that would run. */
export function rejects(context: PlanContext): Rejection | undefined {
  const { sku, strict } = context;
  // No change to the job makes one of these devices serve it.
  if (!strict && sku.vendor !== 'nvidia') {
    return { reason: `trtllm: it runs only on NVIDIA GPUs, not on ${sku.name}` };
  }
  return rejectByRules('trtllm', RULES, context);
}

/** As much of the job's tp as fits on a node, in one stage. */
function wholeNode({ tp, pp = 1, ep }: SingleNodeJob, { devicesPerNode }: Sku): Record<string, unknown> {
  const fitting = Math.min(tp, devicesPerNode);
  return { tp: fitting, ...(pp > 1 ? { pp: 1 } : {}), ep: largestDivisor(fitting, ep) };
}

/** The largest divisor that is not above `limit`. */
function largestDivisor(of: number, limit: number): number {
  return (
    Array.from({ length: Math.min(of, limit) }, (_, index) => index + 1).findLast((n) => of % n === 0) ?? 1
  );
}
