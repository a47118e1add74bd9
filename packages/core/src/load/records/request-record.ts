import { z } from 'zod';

const whole = z.number().int().nonnegative();
/** As a server gave it: null is a number that JSON has no room for. */
const given = z.number().nullable().optional();

/**
 * How a request ended. `failed`: an error status, a broken or malformed stream, no usable chunk; `timed-out`: past the
 * spec's request timeout; `cancelled`: the run was stopped while it was in flight.
 */
const requestStateSchema = z.enum(['completed', 'failed', 'timed-out', 'cancelled']);

export type RequestState = z.output<typeof requestStateSchema>;

/**
 * One request as the client saw it, without the arrivals of its chunks. Times are milliseconds on the client's monotonic clock since the
 * run's origin and are taken when bytes arrive, before any parsing. What did not happen is left out, never 0.
 */
export const requestSchema = z.object({
  /** Position in the schedule, from 0. */
  index: whole,
  state: requestStateSchema,
  /** When it was due: in a closed loop, when its slot became free. */
  scheduledMs: z.number(),
  sentMs: z.number().optional(),
  /** First byte of the response body. */
  firstByteMs: z.number().optional(),
  /** First chunk whose text is not empty. */
  firstContentMs: z.number().optional(),
  /** End of the response. */
  doneMs: z.number().optional(),
  /** Prompt tokens as the client made them, without special tokens; unknown for text without a tokenizer. */
  promptTokens: whole.optional(),
  /** `usage.prompt_tokens`. */
  serverPromptTokens: given,
  /** Prompt length the run asks for: special tokens are not part of it for token ids, but are for text. */
  requestedPromptTokens: whole.optional(),
  /** `max_tokens` of the request. */
  requestedOutputTokens: whole,
  /** `usage.completion_tokens`. */
  outputTokens: given,
  /** Prompt tokens that the server took from its cache (`usage.prompt_tokens_details.cached_tokens`). */
  cachedTokens: given,
  /** Chunks whose text isn't empty; unknown where each brings the whole text so far. */
  textChunks: whole.optional(),
  /** Events that came after `[DONE]`, and count for nothing. */
  lateEvents: whole.optional(),
  finishReason: z.string().optional(),
  /** Last chunk whose text is not empty. */
  lastContentMs: z.number().optional(),
  /** The chunk that brought the final usage, where it came apart from text. */
  usageMs: z.number().optional(),
  /** All output text, reasoning included; kept where the spec's `output.keepText` says so. */
  text: z.string().optional(),
  /** Place in its conversation, from 0; absent where prompts stand for themselves. */
  turn: whole.optional(),
  /** Times it was sent again because a kept connection turned out to be closed before a byte of the answer came. */
  retries: whole.optional(),
  error: z.object({ code: z.string(), message: z.string(), retryAfterS: z.number().optional() }).optional(),
});

export type RequestLine = z.output<typeof requestSchema>;

/** What a server counted; what can't be a count is not kept. */
interface Counts {
  readonly serverPromptTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
}

/** One request as the client saw it, its members as `requestSchema` has them. */
export interface RequestRecord extends Readonly<Omit<RequestLine, keyof Counts>>, Counts {
  /** Arrivals of the chunks whose `choices` is not empty, ascending. */
  readonly chunkMs: ArrayLike<number>;
}

/** How one request went: its record without its place in the schedule. */
export type Outcome = Omit<RequestRecord, 'index' | 'scheduledMs' | 'requestedOutputTokens'>;

/** How prompts were given to the endpoint. */
export const promptFactsSchema = z.object({
  form: z.enum(['token-ids', 'text']),
  /** Token ids that were used: [first, end). */
  vocabulary: z.object({ first: z.number(), end: z.number() }).optional(),
  /** Why the endpoint didn't take token ids that it would have been sent. */
  refusal: z.string().optional(),
  /** What was assumed or could not be checked, as sentences. */
  notes: z.array(z.string()).readonly(),
});

export type PromptFacts = z.output<typeof promptFactsSchema>;
