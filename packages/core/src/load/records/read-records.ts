import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import { healthOf } from '../health/health.js';
import { windowOf } from '../health/window.js';
import { judged, type ReadRequest } from './read-usage.js';
import { RECORDS_SCHEMA, type RequestRecord, type RunRecord } from './record.js';
import { CHUNKS } from './records.js';
import { footerSchema, headerSchema, type Footer, type Header } from './records-schema.js';
import { requestSchema } from './request-record.js';
import { timelineOf } from '../health/timeline.js';

const versioned = z.object({ schema: z.literal(RECORDS_SCHEMA) });

const BOM = '\ufeff';

/**
 * Reads a records file. If the footer is missing or the last line is cut off, as after a killed client, or if requests are
 * missing, the run counts as incomplete, and its window and client health are derived from the records.
 * @throws {SweeplineError} RESULT_READ_FAILED for a file that no load process wrote.
 */
export function decodeRunRecord(file: string | Uint8Array): RunRecord {
  let head: Header | undefined;
  let end: Footer | undefined;
  let cut: number | undefined;
  const requests: RequestRecord[] = [];
  const lines = new Map<number, number>();
  let number = 0;
  for (const line of typeof file === 'string' ? file.split('\n') : linesOf(file)) {
    number++;
    const text = (number === 1 && line.startsWith(BOM) ? line.slice(1) : line).trim();
    if (text === '') continue;
    // Only the last line may be cut off.
    if (cut !== undefined) throw notRecords(cut, 'it is not whole JSON');
    if (head === undefined) {
      head = check(headerSchema, check(versioned.loose(), read(text), number), number);
      continue;
    }
    const value = decodeLine(text, number);
    if (value === undefined) cut = number;
    else if ('window' in value) end = value;
    else {
      const first = lines.get(value.index);
      if (first !== undefined) throw twice(value.index, first, number);
      if (value.index >= head.spec.numPrompts) throw beyond(value.index, head.spec.numPrompts, number);
      lines.set(value.index, number);
      requests.push(judged(value, head.spec));
    }
  }
  if (head === undefined) throw notRecords(1);
  requests.sort((a, b) => a.index - b.index);
  const { complete, ...rest } = end ?? tailOf(requests);
  const planned = rest.records ?? head.spec.numPrompts;
  return { ...head, ...rest, requests, complete: complete && requests.length === planned };
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

/** A request or the footer; undefined for an incomplete line. */
function decodeLine(text: string, number: number): ReadRequest | Footer | undefined {
  const at = text.lastIndexOf(CHUNKS);
  if (at === -1 || !text.endsWith(']}')) return decodeOther(text, number);
  const record = check(requestSchema, read(`${text.slice(0, at)}}`), number);
  return { ...record, chunkMs: arrivalsOf(text.slice(at + CHUNKS.length, -2), number) };
}

/** The footer, or a request as another program rewrote it: with spaces, or with its keys in another order. */
function decodeOther(text: string, number: number): ReadRequest | Footer | undefined {
  const value = read(text);
  if (value === undefined) return undefined;
  const { chunkUs, ...rest } = check(
    z.looseObject({ chunkUs: z.array(z.number()).optional() }),
    value,
    number,
  );
  if (chunkUs === undefined) {
    if (!('window' in rest)) throw notRecords(number, 'it has neither chunkUs, as requests have, nor window');
    return check(footerSchema, rest, number);
  }
  return { ...check(requestSchema, rest, number), chunkMs: arrivalsOf(chunkUs.join(','), number) };
}

/** Parses numbers directly from their digits, for speed: a run has millions of them. */
function arrivalsOf(list: string, number: number): Float64Array {
  if (list === '') return new Float64Array(0);
  const gaps = list.split(',');
  let us = 0;
  return Float64Array.from(gaps, (gap) => {
    us += Number(gap);
    if (!Number.isFinite(us)) throw notRecords(number, `chunkUs has ${gap.slice(0, 20)}`);
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

function twice(index: number, first: number, number: number): SweeplineError {
  return new SweeplineError('RESULT_READ_FAILED', `lines ${first} and ${number} are both request ${index}`, {
    where: { line: number },
    hint: 'Each request must have one line: the file was joined from others, or changed.',
  });
}

function beyond(index: number, requests: number, number: number): SweeplineError {
  return new SweeplineError(
    'RESULT_READ_FAILED',
    `line ${number} has request ${index}, but the run has ${requests} requests, numbered from 0`,
    {
      where: { line: number },
      hint: 'The file was joined from others, or changed.',
    },
  );
}

function notRecords(number: number, hint?: string): SweeplineError {
  return new SweeplineError('RESULT_READ_FAILED', `line ${number} is not a line of a records file`, {
    where: { line: number },
    ...(hint !== undefined && { hint }),
  });
}
