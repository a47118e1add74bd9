import { RECORDS_SCHEMA, type RequestRecord, type RunRecord } from './record.js';

/*
 * A records file is JSON lines: a header when measuring begins, one line per request as it ends, a footer. Times are rounded to
 * 0.001 ms. Chunk arrivals are `chunkUs`, whole microseconds: the first since the origin, each later one since the previous one.
 */

/** First line of a records file. */
export function encodeHeader({
  spec,
  originUnixMs,
  prompts,
  warmups,
  connections,
}: Pick<RunRecord, 'spec' | 'originUnixMs' | 'prompts' | 'warmups' | 'connections'>): string {
  return `${JSON.stringify({ schema: RECORDS_SCHEMA, spec, originUnixMs, prompts, warmups, connections })}\n`;
}

/** The line of one request, with its chunk arrivals last. */
export function encodeRequest({ chunkMs, ...record }: RequestRecord): string {
  const rounded = Object.entries(record).map(([key, value]) => [
    key,
    typeof value === 'number' ? round(value) : value,
  ]);
  return `${JSON.stringify(Object.fromEntries(rounded)).slice(0, -1)}${CHUNKS}${gapsOf(chunkMs)}]}\n`;
}

/** Start of the chunk arrivals in a line. */
export const CHUNKS = ',"chunkUs":[';

function gapsOf(chunkMs: ArrayLike<number>): string {
  let text = '';
  let last = 0;
  for (let i = 0; i < chunkMs.length; i++) {
    const us = Math.round(chunkMs[i]! * 1000);
    text += i === 0 ? String(us) : `,${us - last}`;
    last = us;
  }
  return text;
}

/** Last line of a records file. */
export function encodeFooter({
  window,
  client,
  server,
  records,
  complete,
}: Pick<RunRecord, 'window' | 'client' | 'server' | 'records' | 'complete'>): string {
  return line({ window, client, server, records, complete });
}

/**
 * Rounds numbers to three decimals, which is microseconds for times in ms; the server's ratios, which may be small, to six
 * digits.
 */
function line(value: unknown): string {
  const shortened = (_key: string, item: unknown): unknown => (typeof item === 'number' ? short(item) : item);
  return `${JSON.stringify(value, shortened)}\n`;
}

function short(value: number): number {
  return Math.abs(value) < 1 ? Number(value.toPrecision(6)) : round(value);
}

/** Leaves numbers alone that have no decimals to lose. JSON can't represent some numbers; those could not be read back. */
function round(value: number): number {
  return Math.abs(value) < Number.MAX_SAFE_INTEGER / 1000 ? Math.round(value * 1000) / 1000 : value;
}

/** A whole records file. */
export function encodeRunRecord(run: RunRecord): string {
  return [encodeHeader(run), ...run.requests.map(encodeRequest), encodeFooter(run)].join('');
}
