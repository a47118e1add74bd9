import type { WantedForm } from './prompt.js';

/**
 * Part of a prompt. Blocks with the same key have the same tokens in all prompts of a run; shorter ones have the first of these
 * tokens. Blocks with different keys differ from the start.
 */
export interface Block {
  /** A whole number from 0 to KEYS − 1. */
  readonly key: number;
  readonly tokens: number;
}

export interface BlockPrompt {
  readonly blocks: readonly Block[];
  readonly outputLen: number;
}

/** Prompts as blocks: says what prompts share, not what they are made of. */
export interface BlockPlan {
  readonly measured: readonly BlockPrompt[];
  readonly warmups: readonly BlockPrompt[];
}

export interface BlockOptions extends WantedForm {
  readonly seed: number;
  /** Gives each prompt a unique beginning, which counts towards its length; see markOf. */
  readonly bustCache?: number;
}

/** Keys that plans may use; higher ones are for probes. */
export const KEYS = 2 ** 30;

export function tokensOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { tokens }) => sum + tokens, 0);
}
