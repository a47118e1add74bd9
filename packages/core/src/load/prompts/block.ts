import type { WantedForm } from './prompt.js';

/**
 * A stretch of a prompt. Of one key it is the same tokens in all prompts of a run, in those that have less of it the first of them;
 * of another key it is others from its beginning on.
 */
export interface Block {
  /** A whole number from 0 on, below KEYS. */
  readonly key: number;
  readonly tokens: number;
}

export interface BlockPrompt {
  readonly blocks: readonly Block[];
  readonly outputLen: number;
}

/** Prompts as blocks: what they share is told, and what they are made of is left open. */
export interface BlockPlan {
  readonly measured: readonly BlockPrompt[];
  readonly warmups: readonly BlockPrompt[];
}

export interface BlockOptions extends WantedForm {
  readonly seed: number;
  /** Gives each prompt a beginning of its own, which counts towards its length; see markOf. */
  readonly bustCache?: number;
}

/** Keys that plans may use; the ones above are for probes. */
export const KEYS = 2 ** 30;

export function tokensOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { tokens }) => sum + tokens, 0);
}
