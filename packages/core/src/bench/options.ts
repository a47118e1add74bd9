import type { ClientLimits } from '../load/spec/client-limits.js';
import type { LoadSpec } from '../load/spec/spec.js';

/** What the prompts are. Options of a single kind are among the others, by the keys of its flags. */
export interface PromptOptions {
  readonly datasetName: string;
  readonly datasetPath?: string;
  readonly numPrompts?: number;
  readonly promptForm: 'auto' | 'token-ids' | 'text';
  readonly seed: number;
  /** True: with a random number. */
  readonly bustCache?: number | true;
  readonly randomInputLen: number;
  readonly randomOutputLen: number;
  readonly randomRangeRatio: number;
  readonly randomPrefixLen: number;
}

/** When requests are sent. Options of a single pattern are among the others, by the keys of its flags. */
export interface ArrivalOptions {
  /** Default: the pattern that the other options imply. */
  readonly arrival?: string;
  readonly maxConcurrency?: number;
  readonly requestRate: number;
  /** Seconds after which no more requests are sent. */
  readonly duration?: number;
}

export const LATENCIES = ['ttft', 'tpot', 'itl', 'e2el'] as const;
export type LatencyName = (typeof LATENCIES)[number];

/** What is saved. */
export interface ResultOptions {
  readonly saveResult?: boolean;
  readonly saveDetailed?: boolean;
  readonly resultDir?: string;
  readonly resultFilename?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly percentileMetrics: readonly LatencyName[];
  readonly metricPercentiles: readonly number[];
  readonly keepText?: boolean;
  readonly keepRecords?: string;
  readonly appendResult?: boolean;
  /** First part of the result's file name, instead of the backend. */
  readonly label?: string;
}

/** How answers are sampled; the keys are those of request bodies in camel case. */
export interface SamplingOptions {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly repetitionPenalty?: number;
}

/** Headers of requests. */
export interface HeaderOptions {
  /** `NAME=VALUE`. */
  readonly header?: readonly string[];
  /** `NAME=VARIABLE`. */
  readonly headerEnv?: readonly string[];
  readonly requestIdPrefix?: string;
}

/**
 * All options of a point of `sweepline bench`. Names and defaults are those of InferenceX's benchmark_serving.py if it has them, otherwise
 * those of `vllm bench serve`.
 */
export interface BenchOptions
  extends PromptOptions, ArrivalOptions, ResultOptions, SamplingOptions, HeaderOptions {
  readonly baseUrl?: string;
  readonly host: string;
  readonly port: number;
  readonly endpoint: string;
  readonly backend?: string;
  readonly model: string;
  readonly servedModelName?: string;
  readonly tokenizer?: string;
  readonly numWarmups: number;
  readonly ignoreEos?: boolean;
  readonly bestOf: number;
  readonly logprobs?: number;
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly profile?: boolean;
  readonly goodput?: LoadSpec['slos'];
  readonly connections: LoadSpec['connections'];
  readonly workers?: LoadSpec['workers'];
  readonly idleLimit?: number;
  /** Seconds from sending a request to the end of its answer. */
  readonly requestTimeout?: number;
  readonly insecure?: boolean;
  readonly clientLimits?: Partial<ClientLimits>;
  /** False for `--no-server-metrics`. */
  readonly serverMetrics: boolean;
  readonly disableTqdm?: boolean;
  readonly allowInvalid?: boolean;
}

/** The options as given: each pair of a concurrency and a rate is a point. */
export interface BenchArguments extends Omit<BenchOptions, 'model' | 'maxConcurrency' | 'requestRate'> {
  /** Default: the first one that the server lists. */
  readonly model?: string;
  readonly maxConcurrency?: readonly number[];
  readonly requestRate: readonly number[];
  /** Tokens of prompts and outputs, for every data set. */
  readonly inputLen?: number;
  readonly outputLen?: number;
  /** Seconds to wait for the endpoint. */
  readonly readyCheckTimeoutSec: number;
  /** Folder for the folder of a run. */
  readonly resultsDir?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}
