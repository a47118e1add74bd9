import type { z } from 'zod';
import type { PromptCache } from '../prompts/cache.js';
import type { Codec } from '../client/codec.js';
import type { Ask, Prompts } from '../prompts/prompt.js';
import type { LoadSpec } from '../spec/spec.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';

export interface WorkloadContext {
  readonly spec: LoadSpec;
  /** Sends a prompt to the endpoint before the clock starts, to find out how it takes them. */
  readonly ask: Ask;
  readonly codec: Codec;
  /** Tokenizer of the spec, when it names one. */
  readonly tokenizer?: Tokenizer;
  /** Where prompts are kept that take long to make. */
  readonly promptCache?: PromptCache;
  readonly signal: AbortSignal;
}

/** A kind of prompts: its part of load specs, and how the run's prompts are made before the clock starts. */
export interface Workload<S extends z.ZodType> {
  readonly schema: S;
  /**
   * Makes `spec.numPrompts` measured prompts and `spec.numWarmups` others.
   * @throws {SweeplineError} WORKLOAD_INVALID for a file that can't be read or has too little in it, or a tokenizer that is missing.
   */
  make(prompts: z.output<S>, context: WorkloadContext): Promise<Prompts>;
}
