import type { z } from 'zod';
import type { PromptCache } from '../prompts/cache.js';
import type { Ask, Prompts } from '../prompts/prompt.js';
import type { Flags, FlagValues } from '../spec/flags.js';
import type { Environment } from '../../tokenizer/files.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import type { FieldProblem, GivenFields, ScenarioPrompts, ScenarioShape } from './scenario-prompts.js';

export interface WorkloadContext {
  /** How many prompts are wanted. */
  readonly spec: { readonly numPrompts: number; readonly numWarmups: number };
  /** Sends a prompt to the endpoint before the clock starts, to find out how it accepts them. */
  readonly ask: Ask;
  readonly codec: { readonly takesTokenIds: boolean };
  /** Tokenizer that the spec names, if any. */
  readonly tokenizer?: Tokenizer;
  /** Where prompts that take long to make are kept. */
  readonly promptCache?: PromptCache;
  readonly signal: AbortSignal;
}

/** Options of `sweepline bench` that several kinds use. */
export interface BenchPrompts {
  readonly form: 'auto' | 'token-ids' | 'text';
  readonly seed: number;
  /** The number of the run, if prompts need a unique beginning. */
  readonly bustCache?: number;
  readonly inputLen: number;
  readonly outputLen: number;
  readonly rangeRatio: number;
  readonly prefixLen: number;
  /**
   * The file of the data set. @param orName a value that is not a file is returned unchanged: it may be a name
   * @throws {SweeplineError} USAGE when none was given.
   */
  path(orName?: boolean): string;
}

/** How many requests a data set has, and when they were recorded: ms since the first one, if it says so. */
export interface DataSetFacts {
  readonly count: number;
  readonly timesMs?: readonly number[];
}

/** A kind of prompts: everything that Sweepline knows about it. */
export interface Workload<S extends z.ZodType, F extends Flags> {
  /** Its name in specs, configs and --dataset-name. */
  readonly name: string;
  /** Its part of load specs: an object with the kind's name. */
  readonly schema: S;
  /**
   * Makes `spec.numPrompts` measured prompts and `spec.numWarmups` warm-ups.
   * @throws {SweeplineError} WORKLOAD_INVALID for a file that can't be read or has too few requests, or when a tokenizer is
   * missing.
   */
  make(prompts: z.output<S>, context: WorkloadContext): Promise<Prompts>;
  /** Prompts share nothing by design: if a cache answers them, the benchmark measures the cache. */
  readonly sharesNothing?: true;
  /** Number of tokens at the start of all prompts. */
  sharedTokens?(prompts: z.output<S>): number;
  /** Whether prompts are in the chat template; undefined if the spec doesn't say. */
  inTemplate?(prompts: z.output<S>): boolean | undefined;
  /** A seed doesn't change the prompts: every run sends the same ones. */
  readonly isRepeated?: true;
  /** Prompts are texts, whatever form is wanted: they can't be token ids. */
  readonly isText?: true;
  /** It can't make prompts without a tokenizer. */
  readonly needsTokenizer?: true;
  /**
   * The first `count` requests of its data set, or all.
   * @throws {SweeplineError} WORKLOAD_INVALID for a file that can't be read or has too few.
   */
  facts?(prompts: z.output<S>, count?: number): Promise<DataSetFacts>;
  readonly bench: {
    readonly flags: F;
    /** @throws {SweeplineError} USAGE when options contradict each other. */
    toSpec(options: BenchPrompts & FlagValues<F>): z.input<S>;
    /**
     * The spec with the files that options give by name or folder.
     * @throws {SweeplineError} WORKLOAD_INVALID when there are none.
     */
    locate?(prompts: z.output<S>, options: FlagValues<F>, env: Environment): Promise<z.output<S>>;
    /** Number of prompts that follows from options which count something else. */
    count?(options: FlagValues<F>, prompts: z.output<S>): number | undefined;
  };
  /** Number of prompts in the first `conversations` conversations; by default each conversation is one prompt. */
  promptsIn?(prompts: z.output<S>, conversations: number): number;
  readonly scenario: {
    /** Spec fields that a config must give; the others come from its job and engine. */
    readonly fields: readonly string[];
    readonly needs?: readonly string[];
    /** Those of the fields that hold the path of a file, the data set first: the files are copied to where the load runs. */
    readonly files?: readonly string[];
    toSpec(given: GivenFields, job: ScenarioPrompts): z.input<S>;
    /** Why given fields can't work with a job. */
    problem?(given: GivenFields, job: ScenarioShape): FieldProblem | undefined;
  };
}
