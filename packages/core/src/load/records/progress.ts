import { z } from 'zod';

export const PHASES = ['probe', 'warmup', 'measure'] as const;

const progress = z.object({
  type: z.literal('progress'),
  phase: z.enum(PHASES),
  /** Requests that have ended, of `total`. */
  done: z.number(),
  total: z.number(),
  failed: z.number(),
  inFlight: z.number(),
  /** Output tokens of the phase so far: the server's count for requests that have ended, chunks for the others. */
  outputTokens: z.number(),
  tokensPerS: z.number(),
  /**
   * Means so far, ms: time to first chunk, and time per token after it, of requests that have ended. Unknown before the first
   * one.
   */
  ttftMs: z.number().optional(),
  itlMs: z.number().optional(),
  /** The worst thread: longest delay of its event loop since the last report, ms; its CPU share of the phase so far. */
  lagMs: z.number().optional(),
  cpuShare: z.number().optional(),
  /** Estimated seconds until the phase ends, from its pace so far; unknown before the first request has ended. */
  etaS: z.number().optional(),
});

const loadEvent = z.discriminatedUnion('type', [
  progress,
  z.object({
    type: z.literal('error'),
    code: z.string(),
    message: z.string(),
    where: z
      .object({ file: z.string(), line: z.number(), column: z.number(), key: z.string() })
      .partial()
      .optional(),
    hint: z.string().optional(),
  }),
  /** Something that readers of the results should know, though the load continues. */
  z.object({ type: z.literal('warning'), message: z.string() }),
  /** The last line: the footer has been written to the records file. */
  z.object({ type: z.literal('end'), complete: z.boolean() }),
]);

export type Phase = (typeof PHASES)[number];
export type LoadProgress = z.output<typeof progress>;

/** A line that a load process writes to stdout. */
export type LoadEvent = z.output<typeof loadEvent>;

/** Parses a line from a load process; undefined for anything else that was written to stdout. */
export function parseLoadEvent(line: string): LoadEvent | undefined {
  try {
    return loadEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Written every second by a load process, in any phase, so that its parent sees that it is running. Not an event. */
export const ALIVE_LINE = '{"type":"alive"}\n';
export const ALIVE_EVERY_MS = 1000;

export function encodeLoadEvent(event: LoadEvent): string {
  return `${JSON.stringify(event)}\n`;
}
