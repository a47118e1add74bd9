import type { Outcome } from '../exchange.js';
import type { PromptFacts } from '../record.js';

export interface PromptLengths {
  /** Tokens as the client counts them, without special ones; unknown for text. */
  readonly promptTokens?: number;
  /** Tokens it is meant to have. */
  readonly requestedPromptTokens: number;
  /** `max_tokens`. */
  readonly requestedOutputTokens: number;
}

/** One request's prompt and how long its answer is to be. */
export interface Prompt {
  /** The prompt as JSON: an array of token ids or a string. */
  readonly json: string;
  readonly lengths: PromptLengths;
}

/** Makes the prompt of a place in the schedule; the same one each time. */
export type PromptSource = (index: number) => Prompt;

/** The prompts of a run. Warm-ups and probes share no beginning with measured prompts, so that they warm no cache for them. */
export interface Prompts {
  readonly facts: PromptFacts;
  readonly measured: PromptSource;
  readonly warmups: PromptSource;
}

/**
 * Sends a prompt outside of any measurement. Rejects when it fails; with `mayBeRefused` only when the endpoint didn't answer
 * at all.
 */
export type Ask = (prompt: Prompt, mayBeRefused?: boolean) => Promise<Outcome>;
