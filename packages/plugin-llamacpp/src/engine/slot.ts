/** How to sample one token. `temperature` 0 takes the most likely token. */
export interface Sampling {
  readonly temperature: number;
  /** Share of the probability mass to draw from; 1 is all of it. */
  readonly topP: number;
  readonly seed: number;
}

/** A sequence in the engine's KV cache, used by one request at a time. */
export interface Slot {
  /**
   * Appends the tokens and resolves to the sampled next token, or to undefined if nothing is to be sampled.
   * Calls on several slots in one turn of the event loop are evaluated as one batch.
   */
  evaluate(tokens: readonly number[], sampling: Sampling | undefined): Promise<number | undefined>;
  /** Empties the sequence. */
  clear(): Promise<void>;
}
