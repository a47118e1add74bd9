import type { ClientLimits } from '../load/spec/client-limits.js';
import type { LoadSpec } from '../load/spec/spec.js';

/** What the prompts are. Options of one kind alone stand among the others, by the keys of its flags. */
export interface PromptOptions {
  readonly datasetName: string;
  readonly datasetPath?: string;
  readonly numPrompts?: number;
  readonly promptForm: 'auto' | 'token-ids' | 'text';
  readonly seed: number;
  /** True: with a number that is drawn. */
  readonly bustCache?: number | true;
  readonly randomInputLen: number;
  readonly randomOutputLen: number;
  readonly randomRangeRatio: number;
  readonly randomPrefixLen: number;
}

/** When they are sent. Options of one pattern alone stand among the others, by the keys of its flags. */
export interface ArrivalOptions {
  /** By default the one that the other options are for. */
  readonly arrival?: string;
  readonly maxConcurrency?: number;
  readonly requestRate: number;
}

export const LATENCIES = ['ttft', 'tpot', 'itl', 'e2el'] as const;
export type LatencyName = (typeof LATENCIES)[number];

/** What is kept. */
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
}

/** All options of `sweepline bench`. Names and defaults are those of InferenceX's benchmark_serving.py, where it has them. */
export interface BenchOptions extends PromptOptions, ArrivalOptions, ResultOptions {
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
  readonly clientLimits?: Partial<ClientLimits>;
  /** False for `--no-server-metrics`. */
  readonly serverMetrics: boolean;
  readonly disableTqdm?: boolean;
  readonly allowInvalid?: boolean;
}
