import type { FIELD } from './fields.js';

/**
 * Which of InferenceX's config schemas a file is written in, by the month of the version that Sweepline follows:
 * `2026-02` has `seq-len-configs`, `2026-08` has `scenarios`.
 */
export type Dialect = '2026-02' | '2026-08';

export type SpecDecoding = 'mtp' | 'draft_model' | 'none';

/** Name and version of a component beside the engine. */
export interface Component {
  readonly [FIELD.name]: string;
  readonly [FIELD.version]?: string | null;
}

/**
 * Concurrencies of a search space: a range (both ends) or a list, never both. Beside a range there may be an empty list,
 * beside a list one end of a range; neither says anything.
 */
export interface Concurrencies {
  readonly [FIELD.concStart]?: number;
  readonly [FIELD.concEnd]?: number;
  readonly [FIELD.concList]?: readonly number[];
}

/** One kind of worker of a multi-node topology. Sizes that are left out are 1. */
export interface Worker {
  readonly [FIELD.numWorker]: number;
  readonly [FIELD.tp]: number;
  readonly [FIELD.pp]?: number;
  readonly [FIELD.dcpSize]?: number;
  readonly [FIELD.pcpSize]?: number;
  readonly [FIELD.ep]: number;
  readonly [FIELD.dpAttn]: boolean;
  /** A null as written stays one: matrix entries show workers as they were written. */
  readonly [FIELD.hardware]?: string | null;
  readonly [FIELD.additionalSettings]?: readonly string[] | null;
}

interface SpaceBase extends Concurrencies {
  readonly [FIELD.specDecoding]?: SpecDecoding;
  readonly [FIELD.router]?: Component;
  /** Agentic scenarios only. */
  readonly [FIELD.kvOffloading]?: 'none' | 'dram';
  readonly [FIELD.kvOffloadBackend]?: Component;
}

/** A point or range of points of a scenario's search space on one node. What is left out has its default: 1, false. */
export interface SingleNodeSpace extends SpaceBase {
  readonly [FIELD.tp]: number;
  readonly [FIELD.pp]?: number;
  readonly [FIELD.dcpSize]?: number;
  readonly [FIELD.pcpSize]?: number;
  readonly [FIELD.ep]?: number;
  readonly [FIELD.dpAttn]?: boolean;
}

/** The same over several nodes. */
export interface MultiNodeSpace extends SpaceBase {
  readonly [FIELD.prefill]: Worker;
  readonly [FIELD.decode]: Worker;
  readonly [FIELD.kvP2pTransfer]?: string;
}

export type SearchSpace = SingleNodeSpace | MultiNodeSpace;

export interface FixedSeqLen {
  /** Input and output tokens of a request. */
  readonly [FIELD.isl]: number;
  readonly [FIELD.osl]: number;
  readonly [FIELD.searchSpace]: readonly SearchSpace[];
}

export interface AgenticCoding {
  readonly [FIELD.searchSpace]: readonly SearchSpace[];
  /** Share of a node's DRAM that KV offloading may take, above 0 and up to 1. */
  readonly [FIELD.dramUtilization]?: number;
}

/** A master config's entry, whichever dialect it was written in: `seq-len-configs` has become a scenario. */
export interface ConfigEntry {
  readonly dialect: Dialect;
  readonly [FIELD.image]: string;
  readonly [FIELD.model]: string;
  readonly [FIELD.modelPrefix]: string;
  readonly [FIELD.runner]: string;
  readonly [FIELD.precision]: string;
  readonly [FIELD.framework]: string;
  readonly [FIELD.multinode]: boolean;
  readonly [FIELD.disagg]: boolean;
  readonly [FIELD.router]?: Component;
  readonly [FIELD.kvP2pTransfer]?: string;
  readonly [FIELD.scenarios]: {
    readonly [FIELD.fixedSeqLen]: readonly FixedSeqLen[];
    readonly [FIELD.agenticCoding]: readonly AgenticCoding[];
  };
  /** For the framework plugin; checked by its schema. Sweepline's own key. */
  readonly [FIELD.options]?: Readonly<Record<string, unknown>>;
}

/** What is known about the machines of a label. */
export interface RunnerHardware {
  readonly [FIELD.availableCpuDramMib]: number;
  readonly [FIELD.gpusPerNode]: number;
}

/** A runner config, whichever dialect it was written in. */
export interface RunnerConfig {
  /** Nodes by scheduling label, in the file's order. */
  readonly [FIELD.labels]: Readonly<Record<string, readonly string[]>>;
  readonly [FIELD.hardware]: Readonly<Record<string, RunnerHardware>>;
}
