import { z } from 'zod';

const ms = z.number().nonnegative().max(1_000_000);
const positive = z.number().int().positive();

/** How one request is answered. Without a schedule, tokens follow each other as fast as the client accepts them. */
export const answerOptionsSchema = z.strictObject({
  /** From the last byte of the request to the first write, in ms. */
  ttftMs: ms.default(0),
  /** From one token to the next, in ms. Writes of n tokens are n times as far apart. */
  itlMs: ms.default(0),
  /** Each gap is multiplied by 1 ± a random value up to this. */
  jitter: z.number().min(0).max(1).default(0),
  /** Writes of all streams fall on one grid of `itlMs`, like the steps of continuous batching. */
  align: z.boolean().default(false),
  /** Tokens per write, each in its own event. */
  eventsPerWrite: positive.default(1),
  /** Splits every write into pieces of this many bytes, or of 1 to this many; each is sent in its own turn of the event loop. */
  split: z.strictObject({ longest: positive, random: z.boolean().default(false) }).optional(),
  framing: z.enum(['chunked', 'content-length', 'until-close']).default('chunked'),
  /** Bytes of an HTTP chunk. Default: one event per chunk. */
  chunkBytes: positive.optional(),
  lineEnd: z.enum(['lf', 'crlf']).default('lf'),
  /** Adds comments and fields other than `data` between and in events. */
  noise: z.boolean().default(false),
  /** Sends the head of the response at once and not with the first token. */
  earlyHead: z.boolean().default(false),
  /** `hard`: also empty texts, escapes of every kind and characters of several UTF-16 units. */
  text: z.enum(['plain', 'hard']).default('plain'),
  /** Whether the answer ends with token counts, if the API has them. */
  usage: z.boolean().default(true),
  /**
   * What happens to the connection after the answer. `close` announces it in the head, `close-silently` doesn't; `drop-when-reused` keeps
   * it and closes it without an answer when the next request arrives.
   */
  connection: z.enum(['keep-alive', 'close', 'close-silently', 'drop-when-reused']).default('keep-alive'),
  /** Aborts the answer after this many tokens: closes the connection, resets it, or stops sending. */
  stop: z
    .strictObject({ afterTokens: z.number().int().nonnegative(), how: z.enum(['fin', 'reset', 'stall']) })
    .optional(),
  /** Refuses with this status instead of answering. */
  status: z.number().int().min(400).max(599).optional(),
});

export type AnswerOptions = z.output<typeof answerOptionsSchema>;

export const goldenOptionsSchema = answerOptionsSchema.extend({
  host: z.string().default('127.0.0.1'),
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** PEM texts; with them it serves HTTPS. */
  tls: z.strictObject({ key: z.string(), cert: z.string() }).optional(),
  /** The most simultaneous answers per process: others wait for one to end, in order of arrival. */
  slots: positive.optional(),
  /** Closes connections that were idle for this long. */
  idleCloseMs: ms.optional(),
  /** Keeps its schedule to some µs instead of 1 ms; this takes a full core. */
  spin: z.boolean().default(false),
  /** Number of the first answer: servers that run in parallel use different ranges. */
  firstOrdinal: z.number().int().nonnegative().default(0),
  /** Whether the log has the time of every write, or only of each request's first and last one; it is kept in memory. */
  log: z.enum(['writes', 'requests', 'nothing']).default('writes'),
});

export type GoldenOptions = z.output<typeof goldenOptionsSchema>;
export type GoldenInput = z.input<typeof goldenOptionsSchema>;
