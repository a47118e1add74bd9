import type { Worker } from '../config/model.js';
import { isMultiNode, type Job } from './job.js';

/** The sizes that take devices; jobs and search spaces on one node have the same keys as workers. */
export type Parallelism = Pick<Worker, 'tp' | 'pp' | 'pcp-size' | 'ep'>;

/**
 * Devices that attention is spread over: tp × pp × pcp. Decode context parallelism is not counted: it uses the devices of tensor
 * parallelism. Source: InferenceX utils/process_result.py at 843c6254f (TP × PP × PCP); vLLM
 * docs/serving/context_parallel_deployment.md.
 */
export function attentionDevices(sizes: Omit<Parallelism, 'ep'>): number {
  return sizes.tp * (sizes.pp ?? 1) * (sizes['pcp-size'] ?? 1);
}

/**
 * Devices of one worker, or of a server on one node. Experts are spread over the devices of attention; if a config has fewer of
 * those than parts of experts (`tp: 1, ep: 8`), the experts determine the number. Source: published rows with `prefill_tp` 1,
 * `prefill_ep` 8, one worker and 8 prefill GPUs.
 */
export function workerDevices(sizes: Parallelism): number {
  return Math.max(attentionDevices(sizes), sizes.ep);
}

/** Devices that a point uses. For jobs with prefill and decode, each is counted separately. */
export interface Devices {
  readonly total: number;
  readonly prefill?: number;
  readonly decode?: number;
}

/** The devices that a job's sizes need. The devices of a launch are counted from its plan (plan/devices.ts). */
export function devicesOf(job: Job): Devices {
  if (!isMultiNode(job)) return { total: workerDevices(job) };
  const [prefill, decode] = [workersDevices(job.prefill), workersDevices(job.decode)];
  return { total: prefill + decode, prefill, decode };
}

/** Devices of all workers of a kind. */
export function workersDevices(worker: Parallelism & Pick<Worker, 'num-worker'>): number {
  return worker['num-worker'] * workerDevices(worker);
}
