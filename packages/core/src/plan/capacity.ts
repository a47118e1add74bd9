import type { ModelSize, ModelSizes } from '../config/models.js';
import { workerDevices } from '../matrix/devices.js';
import { concurrenciesOf, isAgentic, isMultiNode, type Job, type Point } from '../matrix/job.js';
import type { Rejection } from '../plugin/rejection.js';
import type { Sku } from '../plugin/hardware.js';

export interface Capacity {
  readonly rejection?: Rejection;
  readonly warnings?: readonly string[];
}

const GIB = 2 ** 30;

/**
 * Checks that the devices can hold the job: more ranks than a node has devices, or weights larger than their memory, reject it; a
 * KV cache too small for all requests at full length only gives a warning, as engines queue what doesn't fit.
 */
export function checkCapacity({ job }: Point, sku: Sku, models: ModelSizes): Capacity {
  const workers = workersOf(job);
  const tooMany = workers.find(({ devices }) => !isMultiNode(job) && devices > sku.devicesPerNode);
  if (tooMany !== undefined) {
    return {
      rejection: {
        reason: `it takes ${tooMany.devices} devices, but a node of ${sku.name} has only ${sku.devicesPerNode} devices`,
        nearest: { tp: sku.devicesPerNode },
      },
    };
  }
  const model = models[job['model-prefix']];
  const weights = model?.weightsGiB[job.precision];
  if (model === undefined || weights === undefined || sku.memoryGiB === undefined) return {};
  return checkMemory(job, workers, sku.memoryGiB, weights, model, sku);
}

function checkMemory(
  job: Job,
  workers: readonly { readonly devices: number; readonly count: number }[],
  memoryGiB: number,
  weights: number,
  { kvBytesPerToken }: ModelSize,
  sku: Sku,
): Capacity {
  const smallest = Math.min(...workers.map(({ devices }) => devices));
  if (smallest * memoryGiB < weights) {
    const needed = nearestPowerOfTwo(weights / memoryGiB);
    return {
      rejection: {
        reason:
          `the weights of ${job['model-prefix']} in ${job.precision} take ${Math.round(weights)} GiB, but ` +
          `${smallest} × ${sku.name} have only ${Math.round(smallest * memoryGiB)} GiB`,
        ...(needed <= sku.devicesPerNode ? { nearest: { tp: needed } } : {}),
      },
    };
  }
  if (kvBytesPerToken === undefined || isAgentic(job)) return {};
  const total = workers.reduce((sum, { devices, count }) => sum + count * (devices * memoryGiB - weights), 0);
  const wanted = (job['max-model-len'] * Math.max(...concurrenciesOf(job)) * kvBytesPerToken) / GIB;
  if (wanted <= total) return {};
  return {
    warnings: [
      `all requests at full length would take ${Math.round(wanted)} GiB of KV cache, but next to the weights there are at ` +
        `most ${Math.round(total)} GiB: requests will queue in the engine`,
    ],
  };
}

function nearestPowerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, atLeast)));
}

/** Devices per worker, and the number of workers. */
function workersOf(job: Job): readonly { readonly devices: number; readonly count: number }[] {
  if (!isMultiNode(job)) return [{ devices: workerDevices(job), count: 1 }];
  return [job.prefill, job.decode]
    .filter((worker) => worker['num-worker'] > 0)
    .map((worker) => ({ devices: workerDevices(worker), count: worker['num-worker'] }));
}
