import { z } from 'zod';

const ms = z.number().nonnegative().max(1_000_000);
const positive = z.number().int().positive();

/** How one request is answered. Without a schedule tokens follow each other as fast as the client takes them. */
export const answerOptionsSchema = z.strictObject({
  /** From the last byte of the request to the first write, ms. */
  ttftMs: ms.default(0),
  /** From one token to the next, ms. Writes of several tokens are as many times further apart. */
  itlMs: ms.default(0),
  /** Each gap is multiplied by 1 ± up to this. */
  jitter: z.number().min(0).max(1).default(0),
  /** Writes of all streams fall on one grid of `itlMs`, like the steps of continuous batching. */
  align: z.boolean().default(false),
  /** Tokens, each an event of its own, that are written at once. */
  eventsPerWrite: positive.default(1),
  /** Cuts every write into pieces of so many bytes, or of 1 to so many; each leaves in a turn of the event loop of its own. */
  split: z.strictObject({ longest: positive, random: z.boolean().default(false) }).optional(),
  framing: z.enum(['chunked', 'content-length', 'until-close']).default('chunked'),
  /** Bytes of an HTTP chunk; by default each event is one. */
  chunkBytes: positive.optional(),
  lineEnd: z.enum(['lf', 'crlf']).default('lf'),
  /** Comments and fields other than `data` between and in events. */
  noise: z.boolean().default(false),
  /** Sends the head of the response at once and not with the first token. */
  earlyHead: z.boolean().default(false),
  /** `hard`: also empty texts, escapes of every kind and characters of several UTF-16 units. */
  text: z.enum(['plain', 'hard']).default('plain'),
  /** Whether the answer ends with counts of tokens, where the API has them. */
  usage: z.boolean().default(true),
  /**
   * What becomes of the connection after the answer. `close` says so in the head, `close-silently` doesn't; `drop-when-reused`
   * keeps it and closes it without an answer when the next request comes.
   */
  connection: z.enum(['keep-alive', 'close', 'close-silently', 'drop-when-reused']).default('keep-alive'),
  /** Breaks the answer off behind so many tokens: closes the connection, resets it, or says nothing more. */
  stop: z
    .strictObject({ afterTokens: z.number().int().nonnegative(), how: z.enum(['fin', 'reset', 'stall']) })
    .optional(),
  /** Refuses with this status instead of answering. */
  status: z.number().int().min(400).max(599).optional(),
});

export type AnswerOptions = z.output<typeof answerOptionsSchema>;

export const goldenOptionsSchema = answerOptionsSchema.extend({
  host: z.string().default('127.0.0.1'),
  /** 0 takes a free one. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** PEM texts; with them it speaks HTTPS. */
  tls: z.strictObject({ key: z.string(), cert: z.string() }).optional(),
  /** Answers at the same time, at most, of each process: others wait for one to end, in the order in which they came. */
  slots: positive.optional(),
  /** Closes connections that were idle for so long. */
  idleCloseMs: ms.optional(),
  /** Keeps to its schedule by some µs instead of a ms; takes a core of its own for it. */
  spin: z.boolean().default(false),
  /** Number of the first answer: servers that answer side by side number theirs apart. */
  firstOrdinal: z.number().int().nonnegative().default(0),
  /** Whether the log has the time of every write, or of each request's first and last only; it is kept in memory. */
  log: z.enum(['writes', 'requests', 'nothing']).default('writes'),
});

export type GoldenOptions = z.output<typeof goldenOptionsSchema>;
export type GoldenInput = z.input<typeof goldenOptionsSchema>;
