import { z } from 'zod';
import { SweeplineError } from '../errors.js';
import { healthOf } from './health.js';
import { windowOf } from './measured.js';
import { RECORDS_SCHEMA, type RequestRecord, type RunRecord } from './record.js';
import { loadSpecSchema } from './spec.js';

/*
 * A records file is JSON lines: a header when measuring begins, a line per request as it ends, a footer. Times are rounded to
 * 0.001 ms. Chunk arrivals are `chunkUs`: whole microseconds, the first since the origin, each other one since its predecessor.
 */

const versioned = z.object({ schema: z.literal(RECORDS_SCHEMA) });

const header = z.object({
  spec: loadSpecSchema,
  originUnixMs: z.number(),
  prompts: z
    .object({
      form: z.enum(['token-ids', 'text']),
      vocabulary: z.object({ first: z.number(), end: z.number() }).optional(),
      notes: z.array(z.string()),
    })
    .optional(),
  warmups: z.object({ completed: z.number(), failed: z.number() }),
});

const requestLine = z.object({
  index: z.number(),
  state: z.enum(['completed', 'failed', 'timed-out', 'cancelled']),
  scheduledMs: z.number(),
  sentMs: z.number().optional(),
  firstByteMs: z.number().optional(),
  firstContentMs: z.number().optional(),
  doneMs: z.number().optional(),
  promptTokens: z.number().optional(),
  serverPromptTokens: z.number().optional(),
  requestedPromptTokens: z.number().optional(),
  requestedOutputTokens: z.number(),
  outputTokens: z.number().optional(),
  finishReason: z.string().optional(),
  lastContentMs: z.number().optional(),
  usageMs: z.number().optional(),
  text: z.string().optional(),
  turn: z.number().optional(),
  retries: z.number().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  chunkUs: z.array(z.number()),
});

const lag = z.object({ mean: z.number(), p99: z.number(), max: z.number() });

const workerHealth = z.object({
  requests: z.number(),
  cpuS: z.number().optional(),
  cpuShare: z.number().optional(),
  eventLoopLagMs: lag.optional(),
  timers: z.object({ ticks: z.number(), late: z.number() }).optional(),
  connections: z.object({ opened: z.number(), dropped: z.number(), retried: z.number() }),
  majorFaults: z.number().optional(),
});

const footer = z.object({
  window: z.object({ startMs: z.number(), endMs: z.number() }),
  client: z.object({
    name: z.string(),
    peakInFlight: z.number(),
    sendLagMs: z.object({ mean: z.number(), max: z.number() }),
    eventLoopLagMs: lag.optional(),
    cpuS: z.number().optional(),
    workers: z.array(workerHealth).optional(),
  }),
  complete: z.boolean(),
});

type Footer = z.output<typeof footer>;

/** First line of a records file. */
export function encodeHeader({
  spec,
  originUnixMs,
  prompts,
  warmups,
}: Pick<RunRecord, 'spec' | 'originUnixMs' | 'prompts' | 'warmups'>): string {
  return `${JSON.stringify({ schema: RECORDS_SCHEMA, spec, originUnixMs, prompts, warmups })}\n`;
}

/** The line of one request. */
export function encodeRequest({ chunkMs, ...record }: RequestRecord): string {
  let last = 0;
  const chunkUs = Array.from(chunkMs, (ms) => {
    const us = Math.round(ms * 1000);
    const gap = us - last;
    last = us;
    return gap;
  });
  return line({ ...record, chunkUs });
}

/** Last line of a records file. */
export function encodeFooter({
  window,
  client,
  complete,
}: Pick<RunRecord, 'window' | 'client' | 'complete'>): string {
  return line({ window, client, complete });
}

/**
 * Reads a records file. Without a footer, and with a last line that was cut, as a killed client leaves it, the run counts as
 * not complete and its window and what is known of the client come from the records.
 * @throws {SweeplineError} RESULT_READ_FAILED for what no load process wrote.
 */
export function decodeRunRecord(lines: Iterable<string> | string): RunRecord {
  const [first, ...rest] = [...(typeof lines === 'string' ? lines.split('\n') : lines)].filter(
    (l) => l.trim() !== '',
  );
  const head = check(header, check(versioned.loose(), read(first ?? ''), 1), 1);
  const requests: RequestRecord[] = [];
  let end: Footer | undefined;
  rest.forEach((text, i) => {
    const value = read(text);
    if (value === undefined && i === rest.length - 1) return;
    if (typeof value === 'object' && value !== null && 'window' in value) end = check(footer, value, i + 2);
    else requests.push(decodeRequest(check(requestLine, value, i + 2)));
  });
  requests.sort((a, b) => a.index - b.index);
  const tail = end ?? { window: windowOf(requests), client: healthOf(requests), complete: false };
  return { ...head, ...tail, requests };
}

function decodeRequest({ chunkUs, ...record }: z.output<typeof requestLine>): RequestRecord {
  let us = 0;
  return { ...record, chunkMs: chunkUs.map((gap) => (us += gap) / 1000) };
}

/** Every number to three decimals: microseconds, where it is milliseconds. */
function line(value: unknown): string {
  return `${JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'number' ? Math.round(item * 1000) / 1000 : item,
  )}\n`;
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, number: number): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SweeplineError('RESULT_READ_FAILED', `line ${number} is not of a records file`, {
    where: { line: number },
    hint: z.prettifyError(result.error),
  });
}
