import { z } from 'zod';
import { arrivalSchema } from '../arrival/index.js';
import { clientLimitsSchema } from './client-limits.js';
import { API_NAMES } from '../client/codecs/names.js';
import { metricNamesSchema } from '../server-metrics/quantities.js';
import { workloadSchema } from '../workloads/index.js';

export const LOAD_SPEC_SCHEMA = 'sweepline.load/1';

const positive = z.number().int().positive();

/** What a load process is to do: the content of SPEC.json. */
export const loadSpecSchema = z.strictObject({
  schema: z.literal(LOAD_SPEC_SCHEMA),
  endpoint: z.strictObject({
    /** Without a trailing slash and without `/v1`. */
    baseUrl: z.url({ protocol: /^https?$/ }),
    api: z.enum(API_NAMES),
    /** Address of a module whose default export is a codec that speaks to it instead of that of `api`. */
    codec: z.string().optional(),
    /** Name of the environment variable that holds a bearer token; the token itself never is in a spec. */
    apiKeyEnv: z.string().optional(),
    /** Headers of every request, by the names of the environment variables that hold their values. */
    headersEnv: z.record(z.string(), z.string()).optional(),
    /** Any certificate is taken. */
    insecure: z.literal(true).optional(),
  }),
  /** The served model's name, as requests give it. */
  model: z.string(),
  prompts: workloadSchema,
  /** Folder with a `tokenizer.json`, that file, or a repository in the Hugging Face cache. */
  tokenizer: z.string().optional(),
  arrival: arrivalSchema,
  numPrompts: positive,
  numWarmups: z.number().int().nonnegative(),
  /** Seconds after which no measured request is sent any more; those in flight end. By default all of `numPrompts` are sent. */
  durationS: z.number().positive().max(1_000_000).optional(),
  ignoreEos: z.boolean(),
  temperature: z.number().nonnegative(),
  /** Most output tokens that a chunk holds, as the server was set up: its stream interval and the tokens that it drafts. */
  tokensPerChunk: z.strictObject({ max: positive }).optional(),
  /** The header `x-request-id` of a measured request is this, and its index. */
  requestIdPrefix: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
  /** Sent with every request in addition to the fields above. */
  extraBody: z.record(z.string(), z.unknown()).optional(),
  connections: z.enum(['per-request', 'per-slot']),
  timeouts: z.strictObject({
    connectS: z.number().positive().max(1_000_000),
    /** From sent to the end of the response. */
    requestS: z.number().positive().max(1_000_000),
    /** Without any progress of all requests: no byte, none sent, none ended. By default IDLE_LIMIT_S. */
    idleS: z.number().positive().max(1_000_000).optional(),
  }),
  /** How the server's own metrics are scraped during the load; by default where it has any. */
  serverMetrics: z
    .union([
      z.literal(false),
      z.strictObject({
        /** Below the base URL; by default where engines have them. */
        path: z.string().startsWith('/').optional(),
        /** From one scrape to the next, seconds; 1 by default. */
        intervalS: z.number().positive().max(3600).optional(),
        /** Samples of an engine that core doesn't know. */
        names: metricNamesSchema.optional(),
      }),
    ])
    .optional(),
  /** Threads that send requests; `auto`: as many as streams need and cores allow. */
  workers: z.union([z.literal('auto'), positive]).optional(),
  /** Longest times that a request of good service takes, ms; goodput counts those that keep all of them. */
  slos: z
    .strictObject({
      ttftMs: z.number().positive().optional(),
      tpotMs: z.number().positive().optional(),
      e2elMs: z.number().positive().optional(),
    })
    .optional(),
  /** From where on a client counts as too slow; see ClientLimits. */
  clientLimits: clientLimitsSchema.partial().optional(),
  output: z.strictObject({
    /** JSON lines, appended as requests end: a header, one line a request, a footer. */
    recordsFile: z.string(),
    /** Also the text of each answer. */
    keepText: z.boolean().optional(),
  }),
});

export type LoadSpec = z.output<typeof loadSpecSchema>;
