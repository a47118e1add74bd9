import { z } from 'zod';
import { machineRecordSchema } from '../health/machine/machine.js';
import { pausesSchema } from '../health/pauses.js';
import { serverMetricsRecordSchema } from '../server-metrics/server-metrics.js';
import { loadSpecSchema } from '../spec/spec.js';

/* The lines of a records file, as records.ts writes them. */

const whole = z.number().int().nonnegative();
/** As a server gave it: null is a number that JSON has no room for. */
const given = z.number().nullable().optional();

/** How prompts were given to the endpoint. */
const promptFactsSchema = z.object({
  form: z.enum(['token-ids', 'text']),
  /** Token ids that were used: [first, end). */
  vocabulary: z.object({ first: z.number(), end: z.number() }).optional(),
  /** Why the endpoint didn't take token ids that it would have been sent. */
  refusal: z.string().optional(),
  /** What was assumed or could not be checked, as sentences. */
  notes: z.array(z.string()).readonly(),
});

export type PromptFacts = z.output<typeof promptFactsSchema>;

/** Connections of another kind than the spec asks for, and why. */
const connectionFactsSchema = z.object({ used: z.enum(['per-request', 'per-slot']), reason: z.string() });

export type ConnectionFacts = z.output<typeof connectionFactsSchema>;

export const headerSchema = z.object({
  spec: loadSpecSchema,
  originUnixMs: z.number(),
  prompts: promptFactsSchema.optional(),
  warmups: z.object({ completed: whole, failed: whole }),
  connections: connectionFactsSchema.optional(),
});

export type Header = z.output<typeof headerSchema>;

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

const lag = z.object({ mean: z.number(), p99: z.number(), max: z.number() });

/** One thread of the client over the measured window. What the platform doesn't tell is left out. */
const workerHealthSchema = z.object({
  /** Requests it sent. */
  requests: z.number(),
  /** CPU seconds (user + system) of this thread. */
  cpuS: z.number().optional(),
  /** CPU seconds over seconds of the window: 1 is a core that did nothing else. */
  cpuShare: z.number().optional(),
  /** Seconds that it was ready to run and had no CPU. */
  waitS: z.number().optional(),
  /** Delay of its event loop, ms. */
  eventLoopLagMs: lag.optional(),
  /** Ticks of a 10 ms timer, and those that came more than 5 ms late. */
  timers: z.object({ ticks: z.number(), late: z.number() }).optional(),
  /** When its event loop stood still. */
  pauses: pausesSchema.optional(),
  /** Connections opened; those that ended without the client having closed them; requests sent again on a new one. */
  connections: z.object({ opened: z.number(), dropped: z.number(), retried: z.number() }),
  /** Page faults that needed the disk. */
  majorFaults: z.number().optional(),
});

export type WorkerHealth = z.output<typeof workerHealthSchema>;

/** How far the client can be trusted. */
const clientHealthSchema = z.object({
  /** Name and version of the load generator. */
  name: z.string(),
  /** Most requests in flight at once, as recorded. */
  peakInFlight: z.number(),
  /** Sent minus scheduled, ms. */
  sendLagMs: z.object({ mean: z.number(), max: z.number() }),
  /** Delay of the client's event loop, ms (`perf_hooks.monitorEventLoopDelay`); unknown for runs too short for a sample. */
  eventLoopLagMs: lag.optional(),
  /** CPU seconds (user + system) the client used over the measured window; unknown when the client was killed. */
  cpuS: z.number().optional(),
  /** Each thread that sent requests, over the measured window; unknown when the client was killed. */
  workers: z.array(workerHealthSchema).readonly().optional(),
  /** The machine it ran on, over the measured window; unknown when the client was killed. */
  machine: machineRecordSchema.optional(),
});

export type ClientHealth = z.output<typeof clientHealthSchema>;

export const footerSchema = z.object({
  window: z.object({ startMs: z.number(), endMs: z.number() }),
  client: clientHealthSchema,
  server: serverMetricsRecordSchema.optional(),
  complete: z.boolean(),
});

export type Footer = z.output<typeof footerSchema>;
