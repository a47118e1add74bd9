import type { Outcome, PromptFacts } from '../records/request-record.js';
import type { IdRunSet } from './id-items.js';
import type { Vocabulary } from './random.js';

/**
 * Prompt form that a spec asks for. `auto` sends one short request to find out whether the endpoint accepts token ids, and falls
 * back to text.
 */
export interface WantedForm {
  readonly form: 'auto' | 'token-ids' | 'text';
  /** Token ids to make prompts from; if absent, the tokenizer's, or ids that are safe in any model. */
  readonly vocabulary?: Vocabulary;
}

export interface PromptLengths {
  /** Tokens as counted by the client, without special ones; unknown for text. */
  readonly promptTokens?: number;
  /** Tokens it is meant to have; unknown for a text that was not counted. */
  readonly requestedPromptTokens?: number;
  /** `max_tokens`. */
  readonly requestedOutputTokens: number;
}

/** One request's prompt, and the length of its output. */
export interface Prompt {
  /** The prompt as JSON: an array of token ids or a string. In a conversation: the user's next message. */
  readonly json: string;
  readonly lengths: PromptLengths;
  /** Earlier turns of its conversation, oldest first. */
  readonly history?: readonly Turn[];
}

/** One exchange of a conversation. */
export interface Turn {
  /** What the user said, as JSON: a string. */
  readonly userJson: string;
  /** What the model answered. */
  readonly answer: string;
}

/** Makes the prompt for an index; always the same one. */
export type PromptSource = (index: number) => Prompt;

/** Prompts as plain data that threads can read. */
export type PromptSet = IdRunSet | StoredSet;

/** Prompts made in advance, as columns in shared memory: posting them to a thread copies nothing. */
export interface PromptStore {
  /** The prompts as JSON, UTF-8, one after the other. */
  readonly bytes: SharedArrayBuffer;
  /** Where each prompt begins, bytes, and one past the end. */
  readonly offsets: Float64Array<SharedArrayBuffer>;
  /** Tokens as counted by the client; −1: unknown. */
  readonly promptTokens: Int32Array<SharedArrayBuffer>;
  /** −1: unknown. */
  readonly requestedPromptTokens: Int32Array<SharedArrayBuffer>;
  readonly requestedOutputTokens: Int32Array<SharedArrayBuffer>;
}

/** Prompts made in advance. */
export interface StoredSet {
  readonly kind: 'stored';
  readonly store: PromptStore;
  /** Absent: each prompt is independent. */
  readonly conversations?: Conversations;
}

/**
 * Prompts that follow one another: each is sent, with everything said before, once the previous one was answered and the think
 * time has passed.
 */
export interface Conversations {
  /** Index of each conversation's first prompt, ascending, and the number of prompts at the end. */
  readonly first: Uint32Array;
  /** For each prompt, ms between the end of the previous answer and its sending; 0 for the first of a conversation. */
  readonly thinkMs: Float64Array;
}

/** The prompts of a run. Warm-ups and probes share no beginning with measured prompts, so they don't fill a cache for them. */
export interface Prompts {
  readonly facts: PromptFacts;
  readonly measured: PromptSet;
  readonly warmups: PromptSet;
}

/**
 * Sends a prompt outside any measurement. Rejects when it fails; with `mayBeRefused` only when the endpoint didn't answer at all.
 */
export type Ask = (prompt: Prompt, mayBeRefused?: boolean) => Promise<Outcome>;
