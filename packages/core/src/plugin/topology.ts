import type { Worker } from '../matrix/job.js';
import type { Sku } from './hardware.js';
import type { Place } from './launch-plan.js';

/** What of a worker's parallelism takes devices; jobs on one node say it in the same words. */
export type Parallelism = Pick<Worker, 'tp' | 'pp' | 'ep'>;

/**
 * Devices of one worker. Experts are spread over the devices that the attention's parallelism already has; where a config
 * gives fewer of those than experts' parts (`tp: 1, ep: 8`), it is the experts that need them.
 */
export function workerDevices({ tp, pp = 1, ep }: Parallelism): number {
  return Math.max(tp * pp, ep);
}

/** Nodes of one worker: whole ones as soon as one isn't enough. */
export function workerNodes(worker: Parallelism, sku: Pick<Sku, 'devicesPerNode'>): number {
  return Math.ceil(workerDevices(worker) / sku.devicesPerNode);
}

/** How a worker lies over nodes: a process on each, which the worker's own arguments tie together. */
export function workerPlace(worker: Parallelism, sku: Pick<Sku, 'devicesPerNode'>): Place {
  const nodes = workerNodes(worker, sku);
  return {
    nodes,
    ranksPerNode: 1,
    devicesPerRank: Math.ceil(workerDevices(worker) / nodes),
    wireUp: nodes > 1 ? 'env' : 'none',
  };
}
