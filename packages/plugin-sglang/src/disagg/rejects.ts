import { workerDevices, type MultiNodeJob, type Rejection, type Sku, type Worker } from '@sweepline/core';
import { largestDivisor } from '../parallelism.js';
import { nodesSetting, nodesWanted, WORKER_ROLES, type WorkerRole } from './launch.js';
import { settingOf } from './settings.js';

export const OTHER_JOBS: Rejection = {
  reason: 'sglang-disagg: it takes jobs of fixed lengths with prefill and decode workers only',
};

/** What SGLang doesn't support, and what a job to be submitted would not get. */
export function rejectsJob(job: MultiNodeJob, sku: Sku): Rejection | undefined {
  const broken = [
    ...WORKER_ROLES.flatMap((role) => workerRejections(job[role], role, sku)),
    ...(job.options?.['launch'] === 'submit'
      ? WORKER_ROLES.flatMap((role) => otherNodes(job, role, sku))
      : []),
    ...draftRejections(job),
  ];
  if (broken.length === 0) return undefined;
  return {
    reason: `sglang-disagg: ${broken.map(({ reason }) => reason).join('; ')}`,
    nearest: Object.assign({}, ...broken.map(({ nearest }) => nearest ?? {})) as Readonly<
      Record<string, unknown>
    >,
  };
}

function draftRejections(job: MultiNodeJob): readonly Rejection[] {
  if (job['spec-decoding'] !== 'draft_model') return [];
  return [{ reason: 'it drafts only with MTP layers', nearest: { 'spec-decoding': 'mtp' } }];
}

function workerRejections(worker: Worker, role: WorkerRole, sku: Sku): readonly Rejection[] {
  if (worker['num-worker'] < 1) {
    return [{ reason: `it needs a ${role} worker`, nearest: { [role]: { 'num-worker': 1 } } }];
  }
  const devices = workerDevices(worker);
  // Experts are spread within a pipeline stage.
  const stage = devices / (worker.pp ?? 1);
  return [
    ...(devices > sku.devicesPerNode && devices % sku.devicesPerNode !== 0
      ? [unevenNodes(role, devices, sku)]
      : []),
    ...(stage % worker.ep !== 0 ? [unevenExperts(role, worker, stage)] : []),
    ...((worker['dcp-size'] ?? 1) > 1 || (worker['pcp-size'] ?? 1) > 1 ? [contextParallel(role)] : []),
    ...(worker['dp-attn'] && devices === 1 ? [lonelyAttention(role)] : []),
  ];
}

function unevenNodes(role: WorkerRole, devices: number, sku: Sku): Rejection {
  const whole = Math.ceil(devices / sku.devicesPerNode) * sku.devicesPerNode;
  return {
    reason: `a ${role} worker's ${devices} devices are not whole nodes of ${sku.devicesPerNode}`,
    nearest: { [role]: { tp: whole } },
  };
}

function unevenExperts(role: WorkerRole, worker: Worker, stage: number): Rejection {
  return {
    reason: `ep ${worker.ep} does not divide the ${stage} devices that a ${role} worker has for its experts`,
    nearest: { [role]: { ep: largestDivisor(stage, worker.ep) } },
  };
}

function contextParallel(role: WorkerRole): Rejection {
  return {
    reason: `context parallelism (dcp-size, pcp-size) is not passed on to a ${role} worker`,
    nearest: { [role]: { 'dcp-size': 1, 'pcp-size': 1 } },
  };
}

function lonelyAttention(role: WorkerRole): Rejection {
  return {
    reason: `data-parallel attention needs more than the one device of a ${role} worker`,
    nearest: { [role]: { 'dp-attn': false } },
  };
}

/** The submit script distributes whole nodes among the workers. */
function otherNodes(job: MultiNodeJob, role: WorkerRole, sku: Sku): readonly Rejection[] {
  const name = nodesSetting(role);
  const nodes = settingOf(job[role], name);
  const wanted = nodesWanted(job, role, sku);
  if (nodes === undefined || Number(nodes) === wanted) return [];
  return [
    {
      reason: `${name}=${nodes} gives ${role} workers other than ${workerDevices(job[role])} devices each`,
      nearest: Number.isInteger(wanted)
        ? { [role]: { 'additional-settings': [`${name}=${wanted}`] } }
        : { options: { launch: 'native' } },
    },
  ];
}
