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
  /** Sends a prompt to the endpoint before the clock starts, to find out how it takes them. */
  readonly ask: Ask;
  readonly codec: { readonly takesTokenIds: boolean };
  /** Tokenizer of the spec, when it names one. */
  readonly tokenizer?: Tokenizer;
  /** Where prompts are kept that take long to make. */
  readonly promptCache?: PromptCache;
  readonly signal: AbortSignal;
}

/** What `sweepline bench` was given that kinds share. */
export interface BenchPrompts {
  readonly form: 'auto' | 'token-ids' | 'text';
  readonly seed: number;
  /** The run's number, where prompts are to have a beginning of their own. */
  readonly bustCache?: number;
  readonly inputLen: number;
  readonly outputLen: number;
  readonly rangeRatio: number;
  readonly prefixLen: number;
  /**
   * The file of the data set. @param orName what is no file stays as it was given: it may be a name
   * @throws {SweeplineError} USAGE when none was given.
   */
  path(orName?: boolean): string;
}

/** How many requests a data set has, and when they were made: ms since the first of them, where it says so. */
export interface DataSetFacts {
  readonly count: number;
  readonly timesMs?: readonly number[];
}

/** A kind of prompts: everything that Sweepline knows of it. */
export interface Workload<S extends z.ZodType, F extends Flags> {
  /** As specs, configs and --dataset-name call it. */
  readonly name: string;
  /** Its part of load specs: an object with the kind's name. */
  readonly schema: S;
  /**
   * Makes `spec.numPrompts` measured prompts and `spec.numWarmups` others.
   * @throws {SweeplineError} WORKLOAD_INVALID for a file that can't be read or has too little in it, or a tokenizer that is missing.
   */
  make(prompts: z.output<S>, context: WorkloadContext): Promise<Prompts>;
  /** Prompts have nothing in common on purpose: where a cache answers them, it is the cache that is measured. */
  readonly sharesNothing?: true;
  /** Tokens that all prompts begin with. */
  sharedTokens?(prompts: z.output<S>): number;
  /** Whether prompts are in the chat template; undefined where the spec doesn't say. */
  inTemplate?(prompts: z.output<S>): boolean | undefined;
  /** A seed makes no other prompts: those of one run are those of the next. */
  readonly isRepeated?: true;
  /** Prompts are texts, whatever form is wanted: they can't be ids. */
  readonly isText?: true;
  /** There are no prompts without a tokenizer. */
  readonly needsTokenizer?: true;
  /**
   * The first `count` requests of its data set, or all.
   * @throws {SweeplineError} WORKLOAD_INVALID for a file that can't be read or has too few.
   */
  facts?(prompts: z.output<S>, count?: number): Promise<DataSetFacts>;
  readonly bench: {
    readonly flags: F;
    /** @throws {SweeplineError} USAGE when options don't fit one another. */
    toSpec(options: BenchPrompts & FlagValues<F>): z.input<S>;
    /**
     * The spec with the files that options mean by a name or a folder.
     * @throws {SweeplineError} WORKLOAD_INVALID where there are none.
     */
    locate?(prompts: z.output<S>, options: FlagValues<F>, env: Environment): Promise<z.output<S>>;
    /** How many prompts options come to that count something else. */
    count?(options: FlagValues<F>, prompts: z.output<S>): number | undefined;
  };
  /** Prompts of its first conversations; by default each conversation is one prompt. */
  promptsIn?(prompts: z.output<S>, conversations: number): number;
  readonly scenario: {
    /** Fields of the spec that a config gives, and must give; the others come from its job and engine. */
    readonly fields: readonly string[];
    readonly needs?: readonly string[];
    /** Of these fields those that hold the path of a file, the data set first: they are copied to where the load runs. */
    readonly files?: readonly string[];
    toSpec(given: GivenFields, job: ScenarioPrompts): z.input<S>;
    /** Why given fields can't work with a job. */
    problem?(given: GivenFields, job: ScenarioShape): FieldProblem | undefined;
  };
}
