import { z } from 'zod';
import { arrivalSchema } from '../arrival/index.js';
import { clientLimitsSchema } from './client-limits.js';
import { API_NAMES } from '../client/codecs/names.js';
import { metricNamesSchema } from '../server-metrics/quantities.js';
import { workloadSchema } from '../workloads/index.js';

export const LOAD_SPEC_SCHEMA = 'sweepline.load/1';

const positive = z.number().int().positive();

/** The task of a load process: the content of SPEC.json. */
export const loadSpecSchema = z.strictObject({
  schema: z.literal(LOAD_SPEC_SCHEMA),
  endpoint: z.strictObject({
    /** Without a trailing slash and without `/v1`. */
    baseUrl: z.url({ protocol: /^https?$/ }),
    api: z.enum(API_NAMES),
    /** URL of a module whose default export is a codec to use instead of that of `api`. */
    codec: z.string().optional(),
    /** Name of the environment variable that holds a bearer token; a spec never contains the token itself. */
    apiKeyEnv: z.string().optional(),
    /** Headers of every request: for each, the name of the environment variable that holds its value. */
    headersEnv: z.record(z.string(), z.string()).optional(),
    /** Accept any certificate. */
    insecure: z.literal(true).optional(),
  }),
  /** The served model's name, as requests contain it. */
  model: z.string(),
  prompts: workloadSchema,
  /** Folder with a `tokenizer.json`, that file, or a repository in the Hugging Face cache. */
  tokenizer: z.string().optional(),
  arrival: arrivalSchema,
  numPrompts: positive,
  numWarmups: z.number().int().nonnegative(),
  /**
   * Seconds after which no more measured requests are sent; those in flight are completed. By default all of `numPrompts` are
   * sent.
   */
  durationS: z.number().positive().max(1_000_000).optional(),
  ignoreEos: z.boolean(),
  temperature: z.number().nonnegative(),
  /** Most output tokens per chunk, as the server is configured: its stream interval and the number of draft tokens. */
  tokensPerChunk: z.strictObject({ max: positive }).optional(),
  /** A measured request's header `x-request-id` is this prefix and its index. */
  requestIdPrefix: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
  /** Sent with every request in addition to the fields above. */
  extraBody: z.record(z.string(), z.unknown()).optional(),
  connections: z.enum(['per-request', 'per-slot']),
  timeouts: z.strictObject({
    connectS: z.number().positive().max(1_000_000),
    /** From sending to the end of the response. */
    requestS: z.number().positive().max(1_000_000),
    /** Time without any progress in any request: no byte, none sent, none ended. Default: IDLE_LIMIT_S. */
    idleS: z.number().positive().max(1_000_000).optional(),
  }),
  /** How the server's own metrics are scraped during the load; by default they are scraped if it has any. */
  serverMetrics: z
    .union([
      z.literal(false),
      z.strictObject({
        /** Below the base URL; by default the paths that engines use. */
        path: z.string().startsWith('/').optional(),
        /** Interval between scrapes, seconds; default 1. */
        intervalS: z.number().positive().max(3600).optional(),
        /** Sample names of an engine that core doesn't know. */
        names: metricNamesSchema.optional(),
      }),
    ])
    .optional(),
  /** Threads that send requests; `auto`: as many as streams need and cores allow. */
  workers: z.union([z.literal('auto'), positive]).optional(),
  /** Upper limits for a request of good service, ms; goodput counts requests that keep all of them. */
  slos: z
    .strictObject({
      ttftMs: z.number().positive().optional(),
      tpotMs: z.number().positive().optional(),
      e2elMs: z.number().positive().optional(),
    })
    .optional(),
  /** Limits beyond which the client counts as too slow; see ClientLimits. */
  clientLimits: clientLimitsSchema.partial().optional(),
  output: z.strictObject({
    /** JSON lines, appended as requests end: a header, one line per request, a footer. */
    recordsFile: z.string(),
    /** Also keep the text of each answer. */
    keepText: z.boolean().optional(),
  }),
});

export type LoadSpec = z.output<typeof loadSpecSchema>;
