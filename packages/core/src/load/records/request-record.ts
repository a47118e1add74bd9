/**
 * How a request ended. `failed`: an error status, a broken or malformed stream, no usable chunk; `timed-out`: past the
 * spec's request timeout; `cancelled`: the run was stopped while it was in flight.
 */
export type RequestState = 'completed' | 'failed' | 'timed-out' | 'cancelled';

/**
 * One request as the client saw it. Times are milliseconds on the client's monotonic clock since the run's origin
 * and are taken when bytes arrive, before any parsing. What did not happen is left out, never 0.
 */
export interface RequestRecord {
  /** Position in the schedule, from 0. */
  readonly index: number;
  readonly state: RequestState;
  /** When it was due: in a closed loop, when its slot became free. */
  readonly scheduledMs: number;
  readonly sentMs?: number;
  /** First byte of the response body. */
  readonly firstByteMs?: number;
  /** First chunk whose text is not empty. */
  readonly firstContentMs?: number;
  /** End of the response. */
  readonly doneMs?: number;
  /** Arrivals of the chunks whose `choices` is not empty, ascending. */
  readonly chunkMs: ArrayLike<number>;
  /** Prompt tokens as the client made them, without special tokens; unknown for text without a tokenizer. */
  readonly promptTokens?: number;
  /** `usage.prompt_tokens`. */
  readonly serverPromptTokens?: number;
  /** Prompt length the run asks for: special tokens are not part of it for token ids, but are for text. */
  readonly requestedPromptTokens?: number;
  /** `max_tokens` of the request. */
  readonly requestedOutputTokens: number;
  /** `usage.completion_tokens`. */
  readonly outputTokens?: number;
  /** Prompt tokens that the server took from its cache (`usage.prompt_tokens_details.cached_tokens`). */
  readonly cachedTokens?: number;
  /** Chunks among `chunkMs` whose text isn't empty; unknown where each brings the whole text so far. */
  readonly textChunks?: number;
  /** Events that came after `[DONE]`, and count for nothing. */
  readonly lateEvents?: number;
  readonly finishReason?: string;
  /** Last chunk whose text is not empty. */
  readonly lastContentMs?: number;
  /** The chunk that brought the final usage, where it came apart from text. */
  readonly usageMs?: number;
  /** All output text, reasoning included; kept where the spec's `output.keepText` says so. */
  readonly text?: string;
  /** Place in its conversation, from 0; absent where prompts stand for themselves. */
  readonly turn?: number;
  /** Times it was sent again because a kept connection turned out to be closed before a byte of the answer came. */
  readonly retries?: number;
  readonly error?: { readonly code: string; readonly message: string; readonly retryAfterS?: number };
}

/** How one request went: its record without its place in the schedule. */
export type Outcome = Omit<RequestRecord, 'index' | 'scheduledMs' | 'requestedOutputTokens'>;

/** How prompts were given to the endpoint. */
export interface PromptFacts {
  readonly form: 'token-ids' | 'text';
  /** Token ids that were used: [first, end). */
  readonly vocabulary?: { readonly first: number; readonly end: number };
  /** Why the endpoint didn't take token ids that it would have been sent. */
  readonly refusal?: string;
  /** What was assumed or could not be checked, as sentences. */
  readonly notes: readonly string[];
}
