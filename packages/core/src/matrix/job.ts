import { FIELD } from '../config/fields.js';
import type { Component, SpecDecoding, Worker } from '../config/model.js';

export type { Worker };

/** What every matrix entry carries; keys are those of InferenceX's matrix JSON. */
interface JobBase {
  /** Container image; `host` when the framework runs without a container. */
  readonly [FIELD.image]: string;
  readonly [FIELD.model]: string;
  readonly [FIELD.modelPrefix]: string;
  readonly [FIELD.precision]: string;
  readonly [FIELD.framework]: string;
  /** A runner label or the name of a node under it. */
  readonly [FIELD.runner]: string;
  readonly [FIELD.specDecoding]: SpecDecoding;
  readonly [FIELD.expName]: string;
  readonly [FIELD.runEval]?: boolean;
  /** The job is there for its accuracy run alone. */
  readonly [FIELD.evalOnly]?: boolean;
  readonly [FIELD.router]?: Component;
  /** Digest of the entry's settings; jobs of a changelog have one. */
  readonly [FIELD.recipeFingerprint]?: string;
  /** The config entry's `options:`, as written; checked by the framework plugin's schema. */
  readonly [FIELD.options]?: Readonly<Record<string, unknown>>;
}

interface OnOneNode {
  readonly [FIELD.tp]: number;
  /** 2026-08 entries have the next three. */
  readonly [FIELD.pp]?: number;
  readonly [FIELD.dcpSize]?: number;
  readonly [FIELD.pcpSize]?: number;
  readonly [FIELD.ep]: number;
  readonly [FIELD.dpAttn]: boolean;
  /** Requests in flight at most. */
  readonly [FIELD.conc]: number;
}

interface OnManyNodes {
  readonly [FIELD.prefill]: Worker;
  readonly [FIELD.decode]: Worker;
  /** One server is loaded with each in turn. */
  readonly [FIELD.conc]: readonly number[];
  readonly [FIELD.disagg]: boolean;
  readonly [FIELD.kvP2pTransfer]?: string;
  /** Concurrency of the accuracy run. */
  readonly [FIELD.evalConc]?: number;
  readonly [FIELD.evalAllConcs]?: boolean;
}

/** Prompts and outputs of fixed lengths, in tokens. */
interface FixedSeqLenJob {
  readonly [FIELD.isl]: number;
  readonly [FIELD.osl]: number;
  readonly [FIELD.maxModelLen]: number;
  readonly [FIELD.disagg]: boolean;
}

/** Replay of coding agents' traces. */
interface AgenticJob {
  readonly [FIELD.scenarioType]: typeof FIELD.agenticCoding;
  readonly [FIELD.kvOffloading]: 'none' | 'dram';
  readonly [FIELD.kvOffloadBackend]?: Component;
  /** DRAM that a server may use for KV offloading, decimal GB. */
  readonly [FIELD.totalCpuDramGb]: number;
  /** Seconds. */
  readonly [FIELD.duration]: number;
}

/** A server on one node, loaded with requests of fixed lengths. */
export type SingleNodeJob = JobBase & OnOneNode & FixedSeqLenJob;
export type MultiNodeJob = JobBase & OnManyNodes & FixedSeqLenJob;
export type SingleNodeAgenticJob = JobBase & OnOneNode & AgenticJob;
export type MultiNodeAgenticJob = JobBase & OnManyNodes & AgenticJob;

/** One expanded matrix entry. */
export type Job = SingleNodeJob | MultiNodeJob | SingleNodeAgenticJob | MultiNodeAgenticJob;

export function isMultiNode(job: Job): job is MultiNodeJob | MultiNodeAgenticJob {
  return FIELD.prefill in job;
}

export function isAgentic(job: Job): job is SingleNodeAgenticJob | MultiNodeAgenticJob {
  return FIELD.scenarioType in job;
}

export function isFixedSeqLen(job: Job): job is SingleNodeJob | MultiNodeJob {
  return !isAgentic(job);
}

/** A job that one server process on one node can serve with requests of fixed lengths. */
export function isSingleNode(job: Job): job is SingleNodeJob {
  return !isMultiNode(job) && !isAgentic(job);
}

/** A job's concurrencies as a list, whichever form it has. */
export function concurrenciesOf(job: Job): readonly number[] {
  const conc = job[FIELD.conc];
  return typeof conc === 'number' ? [conc] : conc;
}

/** What is measured and becomes one result: a job at one concurrency. */
export interface Point {
  readonly job: Job;
  /** Requests in flight at most. */
  readonly concurrency: number;
}

/** The points of a job, in the order they are run. */
export function pointsOf(job: Job): readonly Point[] {
  return concurrenciesOf(job).map((concurrency) => ({ job, concurrency }));
}
