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
  /** Tokens of the phase so far: the server's count for requests that have ended, chunks for the others. */
  outputTokens: z.number(),
  tokensPerS: z.number(),
  /** Means so far, ms: sent to first chunk; time a token after it, of requests that have ended. Unknown before there is one. */
  ttftMs: z.number().optional(),
  itlMs: z.number().optional(),
  /** The thread that is worst off: longest delay of its event loop since the last report, ms; its CPU share of the phase so far. */
  lagMs: z.number().optional(),
  cpuShare: z.number().optional(),
  /** Seconds until the phase ends at its pace so far; unknown before the first request has ended. */
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
  /** What a reader of the results should know although the load goes on. */
  z.object({ type: z.literal('warning'), message: z.string() }),
  /** The last line: the records file has its footer. */
  z.object({ type: z.literal('end'), complete: z.boolean() }),
]);

export type Phase = (typeof PHASES)[number];
export type LoadProgress = z.output<typeof progress>;

/** A line that a load process writes to stdout. */
export type LoadEvent = z.output<typeof loadEvent>;

/** Reads a line of a load process; undefined for anything else that found its way to stdout. */
export function parseLoadEvent(line: string): LoadEvent | undefined {
  try {
    return loadEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** What a load process writes every second, whatever it does: whoever reads it sees that it isn't stopped. Not an event. */
export const ALIVE_LINE = '{"type":"alive"}\n';
export const ALIVE_EVERY_MS = 1000;

export function encodeLoadEvent(event: LoadEvent): string {
  return `${JSON.stringify(event)}\n`;
}
