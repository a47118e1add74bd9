import { z } from 'zod';

const whole = z.number().int().nonnegative();
/** As the server sent it; null is a number that JSON can't represent. */
const given = z.number().nullable().optional();

/**
 * How a request ended. `failed`: an error status, a broken or malformed stream, or no usable chunk; `timed-out`: it exceeded the
 * spec's request timeout; `cancelled`: the run was stopped while it was in flight.
 */
const requestStateSchema = z.enum(['completed', 'failed', 'timed-out', 'cancelled']);

export type RequestState = z.output<typeof requestStateSchema>;

/**
 * One request as the client saw it, without the arrivals of its chunks. Times are milliseconds on the client's monotonic clock
 * since the run's origin, taken when bytes arrive, before any parsing. What did not happen is absent, never 0.
 */
export const requestSchema = z.object({
  /** Position in the schedule, from 0. */
  index: whole,
  state: requestStateSchema,
  /** When it was due; in a closed loop, when its slot became free. */
  scheduledMs: z.number(),
  sentMs: z.number().optional(),
  /** First byte of the response body. */
  firstByteMs: z.number().optional(),
  /** First chunk whose text is not empty. */
  firstContentMs: z.number().optional(),
  /** End of the response. */
  doneMs: z.number().optional(),
  /** Prompt tokens as counted by the client, without special tokens; unknown for text without a tokenizer. */
  promptTokens: whole.optional(),
  /** `usage.prompt_tokens`. */
  serverPromptTokens: given,
  /** Prompt length that the run asks for. It includes special tokens for text, but not for token ids. */
  requestedPromptTokens: whole.optional(),
  /** `max_tokens` of the request. */
  requestedOutputTokens: whole,
  /** `usage.completion_tokens`. */
  outputTokens: given,
  /** Prompt tokens that came from the server's cache (`usage.prompt_tokens_details.cached_tokens`). */
  cachedTokens: given,
  /** Chunks whose text is not empty; unknown if each chunk has the whole text so far. */
  textChunks: whole.optional(),
  /** Events after `[DONE]`; they are ignored. */
  lateEvents: whole.optional(),
  finishReason: z.string().optional(),
  /** Last chunk whose text is not empty. */
  lastContentMs: z.number().optional(),
  /** The chunk with the final usage, if it came separately from the text. */
  usageMs: z.number().optional(),
  /** All output text, including reasoning; kept if the spec has `output.keepText`. */
  text: z.string().optional(),
  /** Place in its conversation, from 0; absent for independent prompts. */
  turn: whole.optional(),
  /** How often it was sent again because a kept connection turned out to be closed before any byte of the answer. */
  retries: whole.optional(),
  error: z.object({ code: z.string(), message: z.string(), retryAfterS: z.number().optional() }).optional(),
});

export type RequestLine = z.output<typeof requestSchema>;

/** Token counts of a server; impossible ones are dropped. */
interface Counts {
  readonly serverPromptTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
}

/** One request as the client saw it, with the members of `requestSchema`. */
export interface RequestRecord extends Readonly<Omit<RequestLine, keyof Counts>>, Counts {
  /** Arrival times of chunks with a non-empty `choices`, ascending. */
  readonly chunkMs: ArrayLike<number>;
}

/** The result of one request: its record without its place in the schedule. */
export type Outcome = Omit<RequestRecord, 'index' | 'scheduledMs' | 'requestedOutputTokens'>;

/** How prompts were sent to the endpoint. */
export const promptFactsSchema = z.object({
  form: z.enum(['token-ids', 'text']),
  /** Token ids that were used: [first, end). */
  vocabulary: z.object({ first: z.number(), end: z.number() }).optional(),
  /** Why the endpoint refused the token ids that it would otherwise have got. */
  refusal: z.string().optional(),
  /** What was assumed or could not be checked, as sentences. */
  notes: z.array(z.string()).readonly(),
});

export type PromptFacts = z.output<typeof promptFactsSchema>;
