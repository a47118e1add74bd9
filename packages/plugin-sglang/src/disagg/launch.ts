import { workerDevices, type MultiNodeJob, type PlanContext, type Sku } from '@sweepline/core';
import type { DisaggOptions } from '../options.js';
import { hasSettings, settingOf } from './settings.js';
import { scriptFor } from './scripts.js';

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

/** How a job is launched. Without an option it is submitted, if the submission gives it the nodes that it requests. */
export function launchOf(
  { strict, options, sku, cluster }: PlanContext<DisaggOptions>,
  job: MultiNodeJob,
): 'submit' | 'native' {
  if (strict) return 'submit';
  if (options.launch !== undefined) return options.launch;
  const fits = WORKER_ROLES.every(
    (role) => Number(settingOf(job[role], nodesSetting(role))) === nodesWanted(job, role, sku),
  );
  return fits && scriptFor(job, sku) !== undefined && hasSettings(cluster) ? 'submit' : 'native';
}
