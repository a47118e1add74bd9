import { workerDevices, type Parallelism } from '../matrix/devices.js';
import type { Sku } from './hardware.js';
import type { Place } from './launch-plan.js';

export {
  devicesOf,
  workerDevices,
  workersDevices,
  type Devices,
  type Parallelism,
} from '../matrix/devices.js';

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
