import { FIELD, isSingleNode, type Job, type Rejection, type SingleNodeJob, type Sku } from '@sweepline/core';

interface Rule {
  readonly keeps: (job: SingleNodeJob, sku: Sku) => boolean;
  readonly reason: (job: SingleNodeJob, sku: Sku) => string;
  readonly nearest: (job: SingleNodeJob, sku: Sku) => Readonly<Record<string, unknown>>;
}

const DRAFT_MODEL = '--speculative-draft-model-path';

/** What SGLang itself can do on one node, whichever the model. Source: SGLang docs/advanced_features/server_arguments.md. */
const RULES: readonly Rule[] = [
  {
    keeps: (job, sku) => devices(job) <= sku.devicesPerNode,
    reason: (job, sku) =>
      `tp ${job.tp} × pp ${job.pp ?? 1} takes ${devices(job)} devices, a node of ${sku.name} has ${sku.devicesPerNode}`,
    nearest: (job, sku) => ({ ...wholeNode(job, sku), ep: largestDivisor(sku.devicesPerNode, job.ep) }),
  },
  {
    // The devices of an expert's part are those of a part of the tensor parallelism.
    keeps: ({ tp, ep }) => ep <= tp && tp % ep === 0,
    reason: ({ tp, ep }) => `ep ${ep} does not divide tp ${tp}`,
    nearest: (job, sku) => ({ ...wholeNode(job, sku), ep: largestDivisor(sku.devicesPerNode, job.ep) }),
  },
  {
    keeps: (job) => !job[FIELD.dpAttn] || job.tp > 1,
    reason: () => 'data-parallel attention needs a tp above 1',
    nearest: wholeNode,
  },
  {
    keeps: (job) => (job[FIELD.dcpSize] ?? 1) === 1 && (job[FIELD.pcpSize] ?? 1) === 1,
    reason: () => 'context parallelism is not passed on to SGLang',
    nearest: () => ({ [FIELD.dcpSize]: 1, [FIELD.pcpSize]: 1 }),
  },
  {
    keeps: (job) => job[FIELD.specDecoding] !== 'draft_model' || hasDraftModel(job),
    reason: () => `a draft model is to be named by ${DRAFT_MODEL} in options.extra-args`,
    nearest: () => ({ [FIELD.specDecoding]: 'none' }),
  },
  {
    keeps: (job) => !job.disagg,
    reason: () => 'it does not split prefill from decode on one node',
    nearest: () => ({ disagg: false }),
  },
];

export const OTHER_JOBS: Rejection = { reason: 'sglang: it takes jobs of fixed lengths on one node only' };

/** All that stands against a job at once, and the job that would do. */
export function rejects(job: Job, sku: Sku): Rejection | undefined {
  if (!isSingleNode(job)) return OTHER_JOBS;
  const broken = RULES.filter(({ keeps }) => !keeps(job, sku));
  if (broken.length === 0) return undefined;
  return {
    reason: `sglang: ${broken.map(({ reason }) => reason(job, sku)).join('; ')}`,
    nearest: Object.fromEntries(broken.flatMap(({ nearest }) => Object.entries(nearest(job, sku)))),
  };
}

function devices({ tp, pp = 1 }: SingleNodeJob): number {
  return tp * pp;
}

/** All devices of one node, which every recipe has figures for. */
function wholeNode(job: SingleNodeJob, { devicesPerNode }: Sku): Readonly<Record<string, unknown>> {
  return {
    tp: devicesPerNode,
    ...((job.pp ?? 1) > 1 ? { pp: 1 } : {}),
    ...(job[FIELD.dpAttn] && devicesPerNode === 1 ? { [FIELD.dpAttn]: false } : {}),
  };
}

/** The largest divisor that is not above `limit`. */
export function largestDivisor(of: number, limit: number): number {
  return (
    Array.from({ length: Math.min(of, limit) }, (_, index) => index + 1).findLast((n) => of % n === 0) ?? 1
  );
}

function hasDraftModel(job: SingleNodeJob): boolean {
  const given = job[FIELD.options]?.['extra-args'];
  return Array.isArray(given) && given.some((arg) => String(arg).startsWith(DRAFT_MODEL));
}
