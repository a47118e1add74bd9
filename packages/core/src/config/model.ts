import type { ScenarioLoad } from '../load/scenario/load.js';

/**
 * The InferenceX config schema that a file follows, named by the month of its version: `2026-02` has `seq-len-configs`, `2026-08`
 * has `scenarios`.
 */
export type Dialect = '2026-02' | '2026-08';

export type SpecDecoding = 'mtp' | 'draft_model' | 'none';

/** Name and version of a component other than the engine. */
export interface Component {
  readonly name: string;
  readonly version?: string | null;
}

/**
 * Concurrencies of a search space: a range (both ends) or a list, never both. An empty list next to a range, and a single end of
 * a range next to a list, have no effect.
 */
export interface Concurrencies {
  readonly 'conc-start'?: number;
  readonly 'conc-end'?: number;
  readonly 'conc-list'?: readonly number[];
}

/** One kind of worker of a multi-node topology. Omitted sizes are 1. */
export interface Worker {
  readonly 'num-worker': number;
  readonly tp: number;
  readonly pp?: number;
  readonly 'dcp-size'?: number;
  readonly 'pcp-size'?: number;
  readonly ep: number;
  readonly 'dp-attn': boolean;
  /** An explicit null is kept: matrix entries show workers as they were written. */
  readonly hardware?: string | null;
  readonly 'additional-settings'?: readonly string[] | null;
}

interface SpaceBase extends Concurrencies {
  readonly 'spec-decoding'?: SpecDecoding;
  readonly router?: Component;
  /** Agentic scenarios only. */
  readonly 'kv-offloading'?: 'none' | 'dram';
  readonly 'kv-offload-backend'?: Component;
}

/** A point or range of points in the search space of a scenario on one node. Defaults of omitted fields: 1, false. */
export interface SingleNodeSpace extends SpaceBase {
  readonly tp: number;
  readonly pp?: number;
  readonly 'dcp-size'?: number;
  readonly 'pcp-size'?: number;
  readonly ep?: number;
  readonly 'dp-attn'?: boolean;
}

/** The same over several nodes. */
export interface MultiNodeSpace extends SpaceBase {
  readonly prefill: Worker;
  readonly decode: Worker;
  readonly 'kv-p2p-transfer'?: string;
}

export type SearchSpace = SingleNodeSpace | MultiNodeSpace;

export interface FixedSeqLen {
  /** Input and output tokens of a request. */
  readonly isl: number;
  readonly osl: number;
  /** How it is loaded, if not with random prompts in a closed loop. Sweepline's own key. */
  readonly load?: ScenarioLoad;
  readonly 'search-space': readonly SearchSpace[];
}

export interface AgenticCoding {
  readonly 'search-space': readonly SearchSpace[];
  /** Share of a node's DRAM that KV offloading may take, above 0 and up to 1. */
  readonly 'dram-utilization'?: number;
}

/** A master config's entry, in any dialect: `seq-len-configs` is converted to a scenario. */
export interface ConfigEntry {
  readonly dialect: Dialect;
  readonly image: string;
  readonly model: string;
  readonly 'model-prefix': string;
  readonly runner: string;
  readonly precision: string;
  readonly framework: string;
  readonly multinode: boolean;
  readonly disagg: boolean;
  readonly router?: Component;
  readonly 'kv-p2p-transfer'?: string;
  readonly scenarios: {
    readonly 'fixed-seq-len': readonly FixedSeqLen[];
    readonly 'agentic-coding': readonly AgenticCoding[];
  };
  /** For the framework plugin; checked by its schema. Sweepline's own key. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What is known about the machines of a label. */
export interface RunnerHardware {
  readonly 'available-cpu-dram-mib': number;
  readonly 'gpus-per-node': number;
}

/** A runner config, in any dialect. */
export interface RunnerConfig {
  /** Nodes by scheduling label, in the file's order. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly hardware: Readonly<Record<string, RunnerHardware>>;
}
