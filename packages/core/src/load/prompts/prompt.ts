import type { Outcome, PromptFacts } from '../records/request-record.js';
import type { IdRunSet } from './id-items.js';
import type { Vocabulary } from './random.js';

/** What a spec asks for. `auto` asks the endpoint with one short request whether it takes token ids, and falls back to text. */
export interface WantedForm {
  readonly form: 'auto' | 'token-ids' | 'text';
  /** Token ids that prompts are made of; the tokenizer's, or ids that are safe in any model, if absent. */
  readonly vocabulary?: Vocabulary;
}

export interface PromptLengths {
  /** Tokens as the client counts them, without special ones; unknown for text. */
  readonly promptTokens?: number;
  /** Tokens it is meant to have; unknown for a text that nobody has counted. */
  readonly requestedPromptTokens?: number;
  /** `max_tokens`. */
  readonly requestedOutputTokens: number;
}

/** One request's prompt and how long its answer is to be. */
export interface Prompt {
  /** The prompt as JSON: an array of token ids or a string. In a conversation: what the user says next. */
  readonly json: string;
  readonly lengths: PromptLengths;
  /** What was said before in its conversation, oldest first. */
  readonly history?: readonly Turn[];
}

/** One exchange of a conversation. */
export interface Turn {
  /** What the user said, as JSON: a string. */
  readonly userJson: string;
  /** What the model answered. */
  readonly answer: string;
}

/** Makes the prompt of a place in the schedule; the same one each time. */
export type PromptSource = (index: number) => Prompt;

/** Prompts as plain data, for threads to take theirs from. */
export type PromptSet = IdRunSet | StoredSet;

/** Prompts made ahead, as columns in memory that threads share: posting them to a thread copies nothing. */
export interface PromptStore {
  /** The prompts as JSON, UTF-8, one after the other. */
  readonly bytes: SharedArrayBuffer;
  /** Where each begins, bytes, and one past the end. */
  readonly offsets: Float64Array<SharedArrayBuffer>;
  /** Tokens as the client counts them; −1: unknown. */
  readonly promptTokens: Int32Array<SharedArrayBuffer>;
  /** −1: unknown. */
  readonly requestedPromptTokens: Int32Array<SharedArrayBuffer>;
  readonly requestedOutputTokens: Int32Array<SharedArrayBuffer>;
}

/** Prompts made ahead. */
export interface StoredSet {
  readonly kind: 'stored';
  readonly store: PromptStore;
  /** Absent: each prompt stands for itself. */
  readonly conversations?: Conversations;
}

/**
 * Prompts that follow one another: each of a conversation is sent when the one before it has been answered, with all that was
 * said so far, after a while of thinking.
 */
export interface Conversations {
  /** Index of each conversation's first prompt, ascending, and the number of prompts at the end. */
  readonly first: Uint32Array;
  /** For each prompt, ms between the end of the answer before it and its own sending; 0 for the first of a conversation. */
  readonly thinkMs: Float64Array;
}

/** The prompts of a run. Warm-ups and probes share no beginning with measured prompts, so that they warm no cache for them. */
export interface Prompts {
  readonly facts: PromptFacts;
  readonly measured: PromptSet;
  readonly warmups: PromptSet;
}

/**
 * Sends a prompt outside of any measurement. Rejects when it fails; with `mayBeRefused` only when the endpoint didn't answer
 * at all.
 */
export type Ask = (prompt: Prompt, mayBeRefused?: boolean) => Promise<Outcome>;
