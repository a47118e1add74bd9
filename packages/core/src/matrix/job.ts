import type { JobLoad } from '../load/scenario/load.js';
import type { Component, SpecDecoding, Worker } from '../config/model.js';

export type { Worker };

/** Fields of every matrix entry; keys are those of InferenceX's matrix JSON. */
interface JobBase {
  /** Container image; `host` if the framework runs without a container. */
  readonly image: string;
  readonly model: string;
  readonly 'model-prefix': string;
  readonly precision: string;
  readonly framework: string;
  /** A runner label or the name of a node under it. */
  readonly runner: string;
  readonly 'spec-decoding': SpecDecoding;
  readonly 'exp-name': string;
  readonly 'run-eval'?: boolean;
  /** The job only runs the accuracy evaluation. */
  readonly 'eval-only'?: boolean;
  readonly router?: Component;
  /** Digest of the entry's settings; only jobs of a changelog have it. */
  readonly 'recipe-fingerprint'?: string;
  /** If it isn't InferenceX's random prompts in a closed loop. Sweepline's own key. */
  readonly load?: JobLoad;
  /** The config entry's `options:`, as written; checked by the framework plugin's schema. */
  readonly options?: Readonly<Record<string, unknown>>;
}

interface OnOneNode {
  readonly tp: number;
  /** Entries of 2026-08 have the next three. */
  readonly pp?: number;
  readonly 'dcp-size'?: number;
  readonly 'pcp-size'?: number;
  readonly ep: number;
  readonly 'dp-attn': boolean;
  /** Most requests in flight. */
  readonly conc: number;
}

interface OnManyNodes {
  readonly prefill: Worker;
  readonly decode: Worker;
  /** One server is loaded with each in turn. */
  readonly conc: readonly number[];
  readonly disagg: boolean;
  readonly 'kv-p2p-transfer'?: string;
  /** Concurrency of the accuracy run. */
  readonly 'eval-conc'?: number;
  readonly 'eval-all-concs'?: boolean;
}

/** Prompts and outputs of fixed lengths, in tokens. */
interface FixedSeqLenJob {
  readonly isl: number;
  readonly osl: number;
  readonly 'max-model-len': number;
  readonly disagg: boolean;
}

/** Replay of traces of coding agents. */
interface AgenticJob {
  readonly 'scenario-type': 'agentic-coding';
  readonly 'kv-offloading': 'none' | 'dram';
  readonly 'kv-offload-backend'?: Component;
  /** DRAM that a server may use for KV offloading, decimal GB. */
  readonly 'total-cpu-dram-gb': number;
  /** Seconds. */
  readonly duration: number;
}

/** A server on one node, loaded with requests of fixed lengths. */
export type SingleNodeJob = JobBase & OnOneNode & FixedSeqLenJob;
export type MultiNodeJob = JobBase & OnManyNodes & FixedSeqLenJob;
export type SingleNodeAgenticJob = JobBase & OnOneNode & AgenticJob;
export type MultiNodeAgenticJob = JobBase & OnManyNodes & AgenticJob;

/** One expanded matrix entry. */
export type Job = SingleNodeJob | MultiNodeJob | SingleNodeAgenticJob | MultiNodeAgenticJob;

export function isMultiNode(job: Job): job is MultiNodeJob | MultiNodeAgenticJob {
  return 'prefill' in job;
}

export function isAgentic(job: Job): job is SingleNodeAgenticJob | MultiNodeAgenticJob {
  return 'scenario-type' in job;
}

export function isFixedSeqLen(job: Job): job is SingleNodeJob | MultiNodeJob {
  return !isAgentic(job);
}

/** A job that one server process on one node can serve with requests of fixed lengths. */
export function isSingleNode(job: Job): job is SingleNodeJob {
  return !isMultiNode(job) && !isAgentic(job);
}

/** A job's concurrencies as a list, in both forms of jobs. */
export function concurrenciesOf(job: Job): readonly number[] {
  const conc = job.conc;
  return typeof conc === 'number' ? [conc] : conc;
}

/** The unit that is measured and gives one result: a job at one concurrency. */
export interface Point {
  readonly job: Job;
  /** Most requests in flight. */
  readonly concurrency: number;
}

/** The points of a job, in the order in which they run. */
export function pointsOf(job: Job): readonly Point[] {
  return concurrenciesOf(job).map((concurrency) => ({ job, concurrency }));
}
