import { isMultiNode, workerPlace, type Job, type Place, type Sku, type Worker } from '@sweepline/core';
import { MOCKER } from '../jobs.js';
import type { Backend } from './backend.js';
import { mocker } from './mocker.js';
import { sglang } from './sglang.js';
import { trtllm } from './trtllm.js';
import { vllm } from './vllm.js';

const BACKENDS: Readonly<Record<string, Backend>> = {
  'dynamo-sglang': { framework: 'sglang', spansNodes: true, place: workerPlace, command: sglang },
  'dynamo-trt': { framework: 'trt', spansNodes: true, place: mpiPlace, command: trtllm },
  'dynamo-vllm': { framework: 'vllm', spansNodes: false, place: workerPlace, command: vllm },
  [MOCKER]: { spansNodes: true, place: mockerPlace, command: mocker },
};

/** The config's `framework:` values for engines. */
export const ENGINES = Object.keys(BACKENDS).filter((name) => name !== MOCKER);

export function backendOf(framework: string): Backend {
  const backend = BACKENDS[framework];
  if (backend === undefined) throw new Error(`Dynamo has no backend for ${framework}`);
  return backend;
}

/** TensorRT-LLM's ranks over several nodes, one per device, belong to one MPI world. */
function mpiPlace(worker: Worker, sku: Sku): Place {
  const place = workerPlace(worker, sku);
  if (place.nodes === 1) return place;
  return { ...place, ranksPerNode: place.devicesPerRank, devicesPerRank: 1, wireUp: 'pmix' };
}

/**
 * A mocker is one process, whatever parallelism it simulates. It takes the devices of the worker that it stands for, so that workers lie
 * over nodes as real ones would; on CPUs all share a node.
 */
function mockerPlace(worker: Worker, sku: Sku, job: Job): Place {
  const place = workerPlace(worker, sku);
  if (!isMultiNode(job)) return place;
  const devicesPerRank = sku.device === 'cpu' ? 0 : place.devicesPerRank;
  return { nodes: 1, ranksPerNode: 1, devicesPerRank, wireUp: 'none' };
}
