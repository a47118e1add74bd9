import { attentionDevices } from '../matrix/devices.js';
import { isSingleNode, type SingleNodeJob } from '../matrix/job.js';
import type { PlanContext } from './framework.js';
import type { Rejection } from './rejection.js';
import type { Sku } from './hardware.js';

/** Something that a framework can do only so: which jobs keep to it, why others don't, and what would. */
export interface JobRule {
  readonly keeps: (job: SingleNodeJob, sku: Sku) => boolean;
  readonly reason: (job: SingleNodeJob, sku: Sku) => string;
  readonly nearest: (job: SingleNodeJob, sku: Sku) => Readonly<Record<string, unknown>>;
}

/** The rejection of jobs that a framework on one node is not for. */
export function otherJobs(framework: string): Rejection {
  return { reason: `${framework}: it takes jobs of fixed lengths on one node only` };
}

/** All that stands against a job at once, and the job that would do. Strict plans are made for whatever is on one node. */
export function rejectByRules(
  framework: string,
  rules: readonly JobRule[],
  { job, sku, strict }: Pick<PlanContext, 'job' | 'sku' | 'strict'>,
): Rejection | undefined {
  if (!isSingleNode(job)) return otherJobs(framework);
  if (strict) return undefined;
  const broken = rules.filter(({ keeps }) => !keeps(job, sku));
  if (broken.length === 0) return undefined;
  return {
    reason: `${framework}: ${broken.map(({ reason }) => reason(job, sku)).join('; ')}`,
    nearest: Object.fromEntries(broken.flatMap(({ nearest }) => Object.entries(nearest(job, sku)))),
  };
}

/**
 * The devices of a node must be enough for tp × pp. Core holds all sizes against the node; frameworks without context
 * parallelism reject that by a rule of its own, with a nearest job of its own.
 */
export function fitsNode(nearest: JobRule['nearest']): JobRule {
  return {
    keeps: (job, sku) => devicesOf(job) <= sku.devicesPerNode,
    reason: (job, sku) =>
      `tp ${job.tp} × pp ${job.pp ?? 1} takes ${devicesOf(job)} devices, a node of ${sku.name} has ${sku.devicesPerNode}`,
    nearest,
  };
}

function devicesOf({ tp, pp = 1 }: SingleNodeJob): number {
  return attentionDevices({ tp, pp });
}

/** Experts are spread over all ranks or over none, for engines whose expert parallelism has no size. */
export const EXPERTS_OVER_ALL_OR_NONE: JobRule = {
  keeps: ({ tp, ep }) => ep === 1 || ep === tp,
  reason: ({ tp, ep }) =>
    `ep ${ep} is neither 1 nor tp ${tp}: it spreads experts over all ranks or over none`,
  nearest: (job, { devicesPerNode }) => ({ ep: Math.min(job.tp, devicesPerNode) }),
};

/** For engines without data-parallel attention in addition to tensor parallelism. */
export const NO_DP_ATTENTION: JobRule = {
  keeps: (job) => !job['dp-attn'],
  reason: () => 'it has no data-parallel attention in addition to tensor parallelism',
  nearest: () => ({ 'dp-attn': false }),
};

/** For plugins that don't set the engine's context parallelism: it would not run what the job says. */
export const NO_CONTEXT_PARALLELISM: JobRule = {
  keeps: (job) => (job['dcp-size'] ?? 1) === 1 && (job['pcp-size'] ?? 1) === 1,
  reason: () => 'context parallelism (dcp-size, pcp-size) is not passed on to the engine',
  nearest: () => ({ 'dcp-size': 1, 'pcp-size': 1 }),
};

/** Splitting prefill from decode is left to frameworks of many nodes. */
export const NO_DISAGGREGATION: JobRule = {
  keeps: (job) => !job.disagg,
  reason: () => 'it does not split prefill from decode on one node',
  nearest: () => ({ disagg: false }),
};

/** Models that are known to have no layers to predict further tokens with. */
const WITHOUT_MTP: readonly string[] = ['gptoss'];

/** Nothing can be drafted with by a model that has no layers for it. */
export const MTP_NEEDS_LAYERS: JobRule = {
  keeps: (job) => job['spec-decoding'] !== 'mtp' || !WITHOUT_MTP.includes(job['model-prefix']),
  reason: (job) => `${job['model-prefix']} has no layers to predict further tokens with`,
  nearest: () => ({ 'spec-decoding': 'none' }),
};
