import { workerDevices, type MultiNodeJob, type PlanContext, type Sku } from '@sweepline/core';
import type { DisaggOptions } from '../options.js';

export type WorkerRole = 'prefill' | 'decode';
export const WORKER_ROLES: readonly WorkerRole[] = ['prefill', 'decode'];

/** The setting with which a config tells the submit script how many nodes all workers of a role get. */
export function nodesSetting(role: WorkerRole): string {
  return `${role.toUpperCase()}_NODES`;
}

/** Number of nodes with as many devices as the config requests for a role's workers; the submit script doesn't get tp. */
export function nodesWanted(job: MultiNodeJob, role: WorkerRole, sku: Sku): number {
  return (job[role]['num-worker'] * workerDevices(job[role])) / sku.devicesPerNode;
}

/** How a job is launched. What the submit script measured can't be read: by itself nothing is handed to it, but where the original is wanted. */
export function launchOf({ strict, options }: PlanContext<DisaggOptions>): 'submit' | 'native' {
  return strict ? 'submit' : (options.launch ?? 'native');
}
