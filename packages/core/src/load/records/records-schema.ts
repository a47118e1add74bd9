import { z } from 'zod';
import { machineRecordSchema } from '../health/machine/machine.js';
import { pausesSchema } from '../health/pauses.js';
import { serverMetricsRecordSchema } from '../server-metrics/server-metrics.js';
import { loadSpecSchema } from '../spec/spec.js';

/* The lines of a records file, as records.ts writes them. */

const whole = z.number().int().nonnegative();
/** As a server gave it: null is a number that JSON has no room for. */
const given = z.number().nullable().optional();

export const headerSchema = z.object({
  spec: loadSpecSchema,
  originUnixMs: z.number(),
  prompts: z
    .object({
      form: z.enum(['token-ids', 'text']),
      vocabulary: z.object({ first: z.number(), end: z.number() }).optional(),
      refusal: z.string().optional(),
      notes: z.array(z.string()),
    })
    .optional(),
  warmups: z.object({ completed: whole, failed: whole }),
  connections: z.object({ used: z.enum(['per-request', 'per-slot']), reason: z.string() }).optional(),
});

export type Header = z.output<typeof headerSchema>;

export const requestSchema = z.object({
  index: whole,
  state: z.enum(['completed', 'failed', 'timed-out', 'cancelled']),
  scheduledMs: z.number(),
  sentMs: z.number().optional(),
  firstByteMs: z.number().optional(),
  firstContentMs: z.number().optional(),
  doneMs: z.number().optional(),
  promptTokens: whole.optional(),
  serverPromptTokens: given,
  requestedPromptTokens: whole.optional(),
  requestedOutputTokens: whole,
  outputTokens: given,
  cachedTokens: given,
  textChunks: whole.optional(),
  lateEvents: whole.optional(),
  finishReason: z.string().optional(),
  lastContentMs: z.number().optional(),
  usageMs: z.number().optional(),
  text: z.string().optional(),
  turn: whole.optional(),
  retries: whole.optional(),
  error: z.object({ code: z.string(), message: z.string(), retryAfterS: z.number().optional() }).optional(),
});

export type RequestLine = z.output<typeof requestSchema>;

const lag = z.object({ mean: z.number(), p99: z.number(), max: z.number() });

const workerHealth = z.object({
  requests: z.number(),
  cpuS: z.number().optional(),
  cpuShare: z.number().optional(),
  waitS: z.number().optional(),
  eventLoopLagMs: lag.optional(),
  timers: z.object({ ticks: z.number(), late: z.number() }).optional(),
  pauses: pausesSchema.optional(),
  connections: z.object({ opened: z.number(), dropped: z.number(), retried: z.number() }),
  majorFaults: z.number().optional(),
});

export const footerSchema = z.object({
  window: z.object({ startMs: z.number(), endMs: z.number() }),
  client: z.object({
    name: z.string(),
    peakInFlight: z.number(),
    sendLagMs: z.object({ mean: z.number(), max: z.number() }),
    eventLoopLagMs: lag.optional(),
    cpuS: z.number().optional(),
    workers: z.array(workerHealth).readonly().optional(),
    machine: machineRecordSchema.optional(),
  }),
  server: serverMetricsRecordSchema.optional(),
  complete: z.boolean(),
});

export type Footer = z.output<typeof footerSchema>;
