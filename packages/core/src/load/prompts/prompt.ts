/** One request's prompt and how long its answer is to be. */
export interface Prompt {
  /** The prompt as JSON: an array of token ids or a string. */
  readonly json: string;
  /** Tokens as the client counts them, without special ones; unknown for text. */
  readonly promptTokens?: number;
  /** Tokens it is meant to have. */
  readonly requestedPromptTokens: number;
  /** `max_tokens`. */
  readonly requestedOutputTokens: number;
}

/** Makes the prompt of a place in the schedule; the same one each time. */
export type PromptSource = (index: number) => Prompt;
