import { FIELD, isSingleNode, type Job, type Rejection, type SingleNodeJob, type Sku } from '@sweepline/core';

interface Rule {
  readonly keeps: (job: SingleNodeJob, sku: Sku) => boolean;
  readonly reason: (job: SingleNodeJob, sku: Sku) => string;
  readonly nearest: (job: SingleNodeJob, sku: Sku) => Readonly<Record<string, unknown>>;
}

/** Models that are known to have no layers that predict further tokens: ATOM has nothing to draft with. */
const WITHOUT_MTP = ['gptoss'];

/** What ATOM is known to do on one node: what InferenceX's scripts for it know how to ask for, benchmarks/*_atom*.sh at 7ee5be7. */
const RULES: readonly Rule[] = [
  {
    keeps: (_job, sku) => sku.vendor !== 'nvidia' && sku.device === 'gpu',
    reason: (_job, sku) => `it is made for AMD's GPUs, and ${sku.name} is none`,
    nearest: () => ({ runner: 'mi355x' }),
  },
  {
    keeps: ({ pp = 1 }) => pp === 1,
    reason: () => 'it has no pipeline parallelism',
    nearest: () => ({ pp: 1 }),
  },
  {
    keeps: (job, sku) => devices(job) <= sku.devicesPerNode,
    reason: (job, sku) =>
      `tp ${job.tp} × pp ${job.pp ?? 1} takes ${devices(job)} devices, a node of ${sku.name} has ${sku.devicesPerNode}`,
    nearest: (job, { devicesPerNode }) => ({
      tp: devicesPerNode,
      ...((job.pp ?? 1) > 1 ? { pp: 1 } : {}),
      ...(job.ep > 1 ? { ep: devicesPerNode } : {}),
    }),
  },
  {
    // `--enable-expert-parallel` has no size.
    keeps: ({ tp, ep }) => ep === 1 || ep === tp,
    reason: ({ tp, ep }) =>
      `ep ${ep} is neither 1 nor tp ${tp}: it spreads experts over all ranks or over none`,
    nearest: (job, { devicesPerNode }) => ({ ep: Math.min(job.tp, devicesPerNode) }),
  },
  {
    keeps: (job) => !job[FIELD.dpAttn],
    reason: () => 'it has no data-parallel attention beside tensor parallelism',
    nearest: () => ({ [FIELD.dpAttn]: false }),
  },
  {
    keeps: (job) => job[FIELD.specDecoding] !== 'draft_model',
    reason: () => 'it does not take draft models',
    nearest: () => ({ [FIELD.specDecoding]: 'none' }),
  },
  {
    keeps: (job) => job[FIELD.specDecoding] !== 'mtp' || !WITHOUT_MTP.includes(job[FIELD.modelPrefix]),
    reason: (job) => `${job[FIELD.modelPrefix]} has no layers to predict further tokens with`,
    nearest: () => ({ [FIELD.specDecoding]: 'none' }),
  },
  {
    keeps: (job) => !job.disagg,
    reason: () => 'it does not split prefill from decode on one node',
    nearest: () => ({ disagg: false }),
  },
];

export const OTHER_JOBS: Rejection = {
  reason: 'atom: it takes jobs of fixed lengths on one node only',
};

/** All that stands against a job at once, and the job that would do. */
export function rejects(job: Job, sku: Sku): Rejection | undefined {
  if (!isSingleNode(job)) return OTHER_JOBS;
  const broken = RULES.filter(({ keeps }) => !keeps(job, sku));
  if (broken.length === 0) return undefined;
  return {
    reason: `atom: ${broken.map(({ reason }) => reason(job, sku)).join('; ')}`,
    nearest: Object.fromEntries(broken.flatMap(({ nearest }) => Object.entries(nearest(job, sku)))),
  };
}

function devices({ tp, pp = 1 }: SingleNodeJob): number {
  return tp * pp;
}
