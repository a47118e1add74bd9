import { z } from 'zod';
import { SweeplineError } from '../errors.js';
import { healthOf } from './health.js';
import { machineRecordSchema } from './machine/machine.js';
import { windowOf } from './measured.js';
import { pausesSchema } from './pauses.js';
import { RECORDS_SCHEMA, type RequestRecord, type RunRecord } from './record.js';
import { CHUNKS } from './records.js';
import { serverMetricsRecordSchema } from './server-metrics/server-metrics.js';
import { loadSpecSchema } from './spec.js';
import { timelineOf } from './timeline.js';

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
});

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

const footer = z.object({
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

type Footer = z.output<typeof footer>;

/**
 * Reads a records file. Without a footer, and with a last line that was cut, as a killed client leaves it, the run counts as
 * not complete and its window and what is known of the client come from the records.
 * @throws {SweeplineError} RESULT_READ_FAILED for what no load process wrote.
 */
export function decodeRunRecord(file: string | Uint8Array): RunRecord {
  let head: z.output<typeof header> | undefined;
  let end: Footer | undefined;
  let cut: number | undefined;
  const requests: RequestRecord[] = [];
  let number = 0;
  for (const text of typeof file === 'string' ? file.split('\n') : linesOf(file)) {
    number++;
    if (text.trim() === '') continue;
    // Only the last line may have been cut.
    if (cut !== undefined) throw notRecords(cut);
    if (head === undefined) head = check(header, check(versioned.loose(), read(text), number), number);
    else {
      const line = decodeLine(text, number);
      if (line === undefined) cut = number;
      else if ('window' in line) end = line;
      else requests.push(line);
    }
  }
  if (head === undefined) throw notRecords(1);
  requests.sort((a, b) => a.index - b.index);
  return { ...head, ...(end ?? tailOf(requests)), requests };
}

function tailOf(requests: readonly RequestRecord[]): Footer {
  const timeline = timelineOf(requests);
  return { window: windowOf(timeline), client: healthOf(timeline), complete: false };
}

/** Lines of a file that may be larger than the longest string. */
function* linesOf(bytes: Uint8Array): Iterable<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < buffer.length;) {
    const border = buffer.indexOf(10, at);
    const end = border === -1 ? buffer.length : border;
    yield buffer.toString('utf8', at, end);
    at = end + 1;
  }
}

/** A request or the footer; undefined for a line that isn't whole. */
function decodeLine(text: string, number: number): RequestRecord | Footer | undefined {
  const at = text.lastIndexOf(CHUNKS);
  if (at === -1 || !text.endsWith(']}')) {
    const value = read(text);
    return value === undefined ? undefined : check(footer, value, number);
  }
  const record = check(requestLine, read(`${text.slice(0, at)}}`), number);
  return { ...record, chunkMs: arrivalsOf(text.slice(at + CHUNKS.length, -2), number) };
}

/** Numbers straight from their digits: a run has millions of them. */
function arrivalsOf(list: string, number: number): Float64Array {
  if (list === '') return new Float64Array(0);
  const gaps = list.split(',');
  let us = 0;
  return Float64Array.from(gaps, (gap) => {
    us += Number(gap);
    if (Number.isNaN(us)) throw notRecords(number);
    return us / 1000;
  });
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
  throw notRecords(number, z.prettifyError(result.error));
}

function notRecords(number: number, hint?: string): SweeplineError {
  return new SweeplineError('RESULT_READ_FAILED', `line ${number} is not of a records file`, {
    where: { line: number },
    ...(hint !== undefined && { hint }),
  });
}
