import type { Component, Worker } from '../config/model.js';
import { devicesOf, type Devices } from '../matrix/devices.js';
import {
  isFixedSeqLen,
  isMultiNode,
  type Job,
  type MultiNodeJob,
  type SingleNodeJob,
} from '../matrix/job.js';
import { invalid } from './row-values.js';

/** Sizes of a server. Only jobs of 2026-08 have pp, dcp and pcp. */
export interface Sizes {
  readonly tp: number;
  readonly pp?: number;
  readonly dcp_size?: number;
  readonly pcp_size?: number;
  readonly ep: number;
  /** `"true"` or `"false"`: a string in InferenceX's rows. */
  readonly dp_attention: string;
}

/** One server on one node. */
export interface SingleNodeParallelism extends Sizes {
  readonly is_multinode: false;
  /** Devices that it uses; by default the number that its sizes need. Not a key of the row. */
  readonly devices?: number;
}

interface WorkerSizes extends Sizes {
  readonly num_workers: number;
}

type Prefixed<P extends string, T> = { readonly [K in keyof T as `${P}_${K & string}`]: T[K] };

/** Prefill and decode workers, possibly on several nodes. GPU counts are totals over all workers of a kind. */
export type MultiNodeParallelism = Prefixed<'prefill', WorkerSizes> &
  Prefixed<'decode', WorkerSizes> & {
    readonly is_multinode: true;
    readonly num_prefill_gpu: number;
    readonly num_decode_gpu: number;
    /** Set if prefill and decode run on different hardware (2026-08): both or neither. */
    readonly prefill_hw?: string;
    readonly decode_hw?: string;
  };

/** What a row says about its point besides measured numbers; model and concurrency come from the raw result. */
export interface RowIdentity {
  readonly hw: string;
  readonly image: string;
  readonly infmax_model_prefix: string;
  readonly framework: string;
  readonly precision: string;
  readonly spec_decoding: string;
  readonly disagg: boolean;
  /** For jobs of 2026-08; empty if no changelog gave the job one. */
  readonly recipe_fingerprint?: string;
  readonly isl: number;
  readonly osl: number;
  readonly router?: Component;
  readonly kv_p2p_transfer?: string;
  readonly parallelism: SingleNodeParallelism | MultiNodeParallelism;
}

/**
 * @param devices that the point used; by default the number that its job's sizes need
 * @throws {SweeplineError} RESULT_INVALID for jobs whose rows have another format.
 */
export function identityOf(job: Job, hw: string, devices: Devices = devicesOf(job)): RowIdentity {
  if (!isFixedSeqLen(job)) throw invalid('scenario-type', `there are no rows for ${job['scenario-type']}`);
  const router = job.router;
  const transfer = isMultiNode(job) ? job['kv-p2p-transfer'] : undefined;
  return {
    hw,
    image: job.image,
    infmax_model_prefix: job['model-prefix'],
    framework: job.framework,
    precision: job.precision,
    spec_decoding: job['spec-decoding'],
    disagg: job.disagg,
    ...(saysAllSizes(isMultiNode(job) ? job.prefill : job)
      ? { recipe_fingerprint: job['recipe-fingerprint'] ?? '' }
      : {}),
    isl: job.isl,
    osl: job.osl,
    ...(router === undefined ? {} : { router }),
    ...(transfer === undefined ? {} : { kv_p2p_transfer: transfer }),
    parallelism: isMultiNode(job) ? multiNode(job, devices) : singleNode(job, devices),
  };
}

function singleNode(job: SingleNodeJob, { total }: Devices): SingleNodeParallelism {
  return { is_multinode: false, ...sizesOf(job), devices: total };
}

function multiNode({ prefill, decode }: MultiNodeJob, devices: Devices): MultiNodeParallelism {
  const [prefillHw, decodeHw] = [prefill.hardware, decode.hardware];
  return {
    is_multinode: true,
    ...prefixed('prefill', workerOf(prefill)),
    ...prefixed('decode', workerOf(decode)),
    num_prefill_gpu: devices.prefill ?? devices.total,
    num_decode_gpu: devices.decode ?? 0,
    ...(prefillHw && decodeHw ? { prefill_hw: prefillHw, decode_hw: decodeHw } : {}),
  };
}

function workerOf(worker: Worker): WorkerSizes {
  return { ...sizesOf(worker), num_workers: worker['num-worker'] };
}

type Given = Pick<SingleNodeJob, 'tp' | 'pp' | 'dcp-size' | 'pcp-size' | 'ep' | 'dp-attn'>;

/** Keys are in the original's order. */
function sizesOf(of: Given): Sizes {
  return {
    tp: of.tp,
    ...(saysAllSizes(of)
      ? {
          pp: of.pp ?? 1,
          dcp_size: of['dcp-size'] ?? 1,
          pcp_size: of['pcp-size'] ?? 1,
        }
      : {}),
    ep: of.ep,
    dp_attention: String(of['dp-attn']),
  };
}

/** Whether it has the sizes that only entries of 2026-08 have. */
function saysAllSizes(of: Partial<Given>): boolean {
  return 'pp' in of || 'dcp-size' in of || 'pcp-size' in of;
}

function prefixed<P extends string, T extends object>(prefix: P, members: T): Prefixed<P, T> {
  const entries = Object.entries(members).map(([key, value]) => [`${prefix}_${key}`, value] as const);
  return Object.fromEntries(entries) as Prefixed<P, T>;
}
