import type { MachineRecord } from '../health/machine/machine.js';
import type { Pauses } from '../health/pauses.js';
import type { ServerMetricsRecord } from '../server-metrics/server-metrics.js';
import type { LoadSpec } from '../spec/spec.js';

export const RECORDS_SCHEMA = 'sweepline.records/1';

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

/** How far the client can be trusted. */
export interface ClientHealth {
  /** Name and version of the load generator. */
  readonly name: string;
  /** Most requests in flight at once, as recorded. */
  readonly peakInFlight: number;
  /** Sent minus scheduled, ms. */
  readonly sendLagMs: { readonly mean: number; readonly max: number };
  /** Delay of the client's event loop, ms (`perf_hooks.monitorEventLoopDelay`); unknown for runs too short for a sample. */
  readonly eventLoopLagMs?: { readonly mean: number; readonly p99: number; readonly max: number };
  /** CPU seconds (user + system) the client used over the measured window; unknown when the client was killed. */
  readonly cpuS?: number;
  /** Each thread that sent requests, over the measured window; unknown when the client was killed. */
  readonly workers?: readonly WorkerHealth[];
  /** The machine it ran on, over the measured window; unknown when the client was killed. */
  readonly machine?: MachineRecord;
}

/** One thread of the client over the measured window. What the platform doesn't tell is left out. */
export interface WorkerHealth {
  /** Requests it sent. */
  readonly requests: number;
  /** CPU seconds (user + system) of this thread. */
  readonly cpuS?: number;
  /** CPU seconds over seconds of the window: 1 is a core that did nothing else. */
  readonly cpuShare?: number;
  /** Seconds that it was ready to run and had no CPU. */
  readonly waitS?: number;
  /** Delay of its event loop, ms. */
  readonly eventLoopLagMs?: { readonly mean: number; readonly p99: number; readonly max: number };
  /** Ticks of a 10 ms timer, and those that came more than 5 ms late. */
  readonly timers?: { readonly ticks: number; readonly late: number };
  /** When its event loop stood still. */
  readonly pauses?: Pauses;
  /** Connections opened; those that ended without the client having closed them; requests sent again on a new one. */
  readonly connections: { readonly opened: number; readonly dropped: number; readonly retried: number };
  /** Page faults that needed the disk. */
  readonly majorFaults?: number;
}

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

/** Connections of another kind than the spec asks for, and why. */
export interface ConnectionFacts {
  readonly used: LoadSpec['connections'];
  readonly reason: string;
}

/** Everything known about one measured run; what metrics are computed from. */
export interface RunRecord {
  readonly spec: LoadSpec;
  /** Wall-clock time of the monotonic origin, milliseconds since the Unix epoch. */
  readonly originUnixMs: number;
  /** Unknown when the run ended before it was settled. */
  readonly prompts?: PromptFacts;
  /** Absent where they are what the spec asks for. */
  readonly connections?: ConnectionFacts;
  /** First dispatch to last completion of measured requests, ms on the monotonic clock. */
  readonly window: { readonly startMs: number; readonly endMs: number };
  /** Measured requests in order of `index`; warm-ups are not among them. */
  readonly requests: readonly RequestRecord[];
  readonly warmups: { readonly completed: number; readonly failed: number };
  readonly client: ClientHealth;
  /** What the server told of itself meanwhile; absent where it has no metrics, or was not asked. */
  readonly server?: ServerMetricsRecord;
  /** Whether every planned request was run to an end. */
  readonly complete: boolean;
}
