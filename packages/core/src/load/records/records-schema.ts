import { z } from 'zod';
import { machineRecordSchema } from '../health/machine/machine.js';
import { pausesSchema } from '../health/pauses.js';
import { serverMetricsRecordSchema } from '../server-metrics/server-metrics.js';
import { loadSpecSchema } from '../spec/spec.js';
import { promptFactsSchema } from './request-record.js';

/* The lines of a records file, as records.ts writes them. */

const whole = z.number().int().nonnegative();
/** Connections that differ from the spec's, and why. */
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

const lag = z.object({ mean: z.number(), p99: z.number(), max: z.number() });

/** One thread of the client during the measured window. What the platform doesn't report is absent. */
const workerHealthSchema = z.object({
  /** Requests it sent. */
  requests: z.number(),
  /** CPU seconds (user + system) of this thread. */
  cpuS: z.number().optional(),
  /** CPU seconds per second of the window: 1 is a fully used core. */
  cpuShare: z.number().optional(),
  /** Seconds that it was ready to run but had no CPU. */
  waitS: z.number().optional(),
  /** Delay of its event loop, ms. */
  eventLoopLagMs: lag.optional(),
  /** Ticks of a 10 ms timer, and those that fired more than 5 ms late. */
  timers: z.object({ ticks: z.number(), late: z.number() }).optional(),
  /** When its event loop was paused. */
  pauses: pausesSchema.optional(),
  /** Connections opened; those that ended but were not closed by the client; requests sent again on a new one. */
  connections: z.object({ opened: z.number(), dropped: z.number(), retried: z.number() }),
  /** Page faults that needed the disk. */
  majorFaults: z.number().optional(),
});

export type WorkerHealth = z.output<typeof workerHealthSchema>;

/** Indicators of how far the client can be trusted. */
const clientHealthSchema = z.object({
  /** Name and version of the load generator. */
  name: z.string(),
  /** Most requests in flight at once, as recorded. */
  peakInFlight: z.number(),
  /** Sent minus scheduled, ms. */
  sendLagMs: z.object({ mean: z.number(), max: z.number() }),
  /** Delay of the client's event loop, ms (`perf_hooks.monitorEventLoopDelay`); unknown for runs too short for a sample. */
  eventLoopLagMs: lag.optional(),
  /** CPU seconds (user + system) that the client used during the measured window; unknown when the client was killed. */
  cpuS: z.number().optional(),
  /** Each thread that sent requests, during the measured window; unknown when the client was killed. */
  workers: z.array(workerHealthSchema).readonly().optional(),
  /** The machine that it ran on, during the measured window; unknown when the client was killed. */
  machine: machineRecordSchema.optional(),
});

export type ClientHealth = z.output<typeof clientHealthSchema>;

export const footerSchema = z.object({
  window: z.object({ startMs: z.number(), endMs: z.number() }),
  client: clientHealthSchema,
  server: serverMetricsRecordSchema.optional(),
  /** Number of requests with a line, if the load's duration decides how many there are. */
  records: whole.optional(),
  complete: z.boolean(),
});

export type Footer = z.output<typeof footerSchema>;
