import { isSingleNode, type Job, type Rejection, type SingleNodeJob, type Sku } from '@sweepline/core';

interface Rule {
  readonly keeps: (job: SingleNodeJob, sku: Sku) => boolean;
  readonly reason: string;
  readonly nearest: Readonly<Record<string, unknown>>;
}

/** One process on the cores of one host serves a whole job; batching is its only parallelism. */
const RULES: readonly Rule[] = [
  {
    keeps: (_job, sku) => sku.device === 'cpu',
    reason: "it runs on the host's CPU",
    nearest: { runner: 'cpu' },
  },
  { keeps: (job) => job.tp === 1, reason: 'it has no tensor parallelism', nearest: { tp: 1 } },
  { keeps: (job) => job.ep === 1, reason: 'it has no expert parallelism', nearest: { ep: 1 } },
  {
    keeps: (job) => !job['dp-attn'],
    reason: 'it has no data-parallel attention',
    nearest: { 'dp-attn': false },
  },
  {
    keeps: (job) => !job.disagg,
    reason: 'it does not split prefill from decode',
    nearest: { disagg: false },
  },
  {
    keeps: (job) => job['spec-decoding'] === 'none',
    reason: 'it does not decode speculatively',
    nearest: { 'spec-decoding': 'none' },
  },
];

/** All reasons against a job together, and the nearest job that would run. */
export function rejectsJob(job: Job, sku: Sku): Rejection | undefined {
  if (!isSingleNode(job)) return { reason: 'llamacpp: it takes jobs of fixed lengths on one node only' };
  const broken = RULES.filter(({ keeps }) => !keeps(job, sku));
  if (broken.length === 0) return undefined;
  return {
    reason: `llamacpp: ${broken.map(({ reason }) => reason).join('; ')}`,
    nearest: Object.assign({}, ...broken.map(({ nearest }) => nearest)) as Rejection['nearest'] & object,
  };
}
