import {
  isFixedSeqLen,
  isMultiNode,
  isSingleNode,
  workerDevices,
  workerNodes,
  type Job,
  type Rejection,
  type Sku,
  type Worker,
} from '@sweepline/core';
import { backendOf } from './native/backends.js';
import { MOCKER, workersOf, type WorkerRole } from './jobs.js';

/** Parallelism that neither way of launching supports, and the nearest one that both do. */
export function rejectsJob(job: Job, sku: Sku): Rejection | undefined {
  const broken: readonly Rejection[] = isFixedSeqLen(job)
    ? [
        ...workersOf(job).flatMap(({ worker, role }) => workerRejections(job, worker, role, sku)),
        ...jobRejections(job, sku),
      ]
    : [{ reason: 'it takes jobs of fixed lengths only' }];
  if (broken.length === 0) return undefined;
  const nearest = broken.flatMap((one) => (one.nearest === undefined ? [] : [one.nearest]));
  return {
    reason: `${job.framework}: ${broken.map(({ reason }) => reason).join('; ')}`,
    // A suggestion that resolves only some of the problems is of no use.
    ...(nearest.length < broken.length ? {} : { nearest: nearest.reduce(merged) }),
  };
}

type Members = Readonly<Record<string, unknown>>;

/** Merges members of the same worker. */
function merged(all: Members, more: Members): Members {
  return Object.fromEntries(
    Object.keys({ ...all, ...more }).map((key) => {
      const [before, after] = [all[key], more[key]];
      return [key, isMembers(before) && isMembers(after) ? { ...before, ...after } : (after ?? before)];
    }),
  );
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jobRejections(job: Job, sku: Sku): readonly Rejection[] {
  const isMocker = job.framework === MOCKER;
  return [
    ...(isSingleNode(job) && job.disagg
      ? [{ reason: 'prefill and decode apart take a multinode entry', nearest: { disagg: false } }]
      : []),
    ...(sku.device === 'cpu' && !isMocker ? [{ reason: 'its engine runs on GPUs' }] : []),
    ...(job['spec-decoding'] === 'draft_model'
      ? [{ reason: 'it gets no draft model', nearest: { 'spec-decoding': 'none' } }]
      : []),
  ];
}

function workerRejections(job: Job, worker: Worker, role: WorkerRole, sku: Sku): readonly Rejection[] {
  const near = (members: Members): Members => (isMultiNode(job) ? { [sectionOf(role)]: members } : members);
  const devices = workerDevices(worker);
  const nodes = workerNodes(worker, sku);
  const sized = (tp: number): Members => ({
    tp,
    ep: 1,
    ...((worker.pp ?? 1) === 1 ? {} : { pp: 1 }),
  });
  const found: readonly (readonly [boolean, string, Members])[] = [
    [worker['num-worker'] < 1, `it needs a ${role} worker`, { 'num-worker': 1 }],
    [
      nodes > 1 && devices % sku.devicesPerNode !== 0,
      `a ${role} worker's ${devices} devices are not whole nodes of ${sku.devicesPerNode}`,
      sized((isMultiNode(job) ? nodes : 1) * sku.devicesPerNode),
    ],
    [
      (worker['dcp-size'] ?? 1) > 1 || (worker['pcp-size'] ?? 1) > 1,
      `context parallelism (dcp-size, pcp-size) is not passed on to a ${role} worker`,
      { 'dcp-size': 1, 'pcp-size': 1 },
    ],
    [
      worker.ep > 0 && devices % worker.ep !== 0,
      `ep ${worker.ep} does not divide the ${devices} devices of a ${role} worker`,
      { ep: 1 },
    ],
    [
      worker['dp-attn'] && devices === 1,
      `data-parallel attention needs more than the one device of a ${role} worker`,
      { 'dp-attn': false },
    ],
    [
      nodes > 1 && !backendOf(job.framework).spansNodes,
      `a ${role} worker does not fit on one node`,
      sized(sku.devicesPerNode),
    ],
  ];
  return found
    .filter(([broken]) => broken)
    .map(([, reason, members]) => ({ reason, nearest: near(members) }));
}

/** The config section for such workers. */
function sectionOf(role: WorkerRole): string {
  return role === 'server' ? 'decode' : role;
}
