import type { ClockOrigin } from '../../load/health/clock.js';
import type { ApiName } from '../../load/client/codecs/names.js';

export const GOLDEN_LOG_SCHEMA = 'sweepline.golden/1';

/**
 * How an answer ended. `refused`: with an error status; `broken-off`: aborted on purpose; `dropped`: the connection was closed without an
 * answer, on purpose; `lost`: the client went away; `open`: it hasn't ended.
 */
export type AnswerEnd = 'completed' | 'refused' | 'broken-off' | 'dropped' | 'lost' | 'open';

/** One request as the server saw it. Times are ms since the log's origin. */
export interface GoldenRequest {
  /** Position in the order of arrival at its server; the answer's number. */
  readonly ordinal: number;
  /** Which of several servers it arrived at, from 0. */
  readonly server?: number;
  readonly api: ApiName;
  /** Which of the connections it used, from 0. */
  readonly connection: number;
  /** Digest of the body. */
  readonly digest: string;
  /** When its last byte was read. */
  readonly receivedMs: number;
  readonly promptTokens: number;
  /** Tokens requested, and tokens written. */
  readonly tokens: number;
  readonly tokensSent: number;
  readonly end: AnswerEnd;
  /** Clock just before the first and the last write. */
  readonly firstSentMs?: number;
  readonly lastSentMs?: number;
  /** For each write with tokens: when it was due, the clock just before it, its number of tokens. Absent if only requests are logged. */
  readonly writes?: {
    readonly dueMs: readonly number[];
    readonly sentMs: readonly number[];
    readonly tokens: readonly number[];
  };
  /** CPU seconds of the server when the request arrived and when its answer ended. */
  readonly cpuS?: { readonly received: number; readonly ended: number };
}

/** What a server did during a run. */
export interface GoldenLog extends ClockOrigin {
  readonly schema: typeof GOLDEN_LOG_SCHEMA;
  readonly connections: number;
  readonly requests: readonly GoldenRequest[];
}

/** JSON lines: a header, then one line per request, times to the microsecond. */
export function* encodeGoldenLog({ requests, ...header }: GoldenLog): Iterable<string> {
  yield `${JSON.stringify(header)}\n`;
  for (const request of requests) yield `${JSON.stringify(request, toMicroseconds)}\n`;
}

/** @throws {SyntaxError} */
export function decodeGoldenLog(text: string): GoldenLog {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  return {
    ...(JSON.parse(header) as Omit<GoldenLog, 'requests'>),
    requests: lines.map((line) => JSON.parse(line) as GoldenRequest),
  };
}

/** Merges the logs of servers that ran in parallel: on one clock, in order of arrival. */
export function mergeGoldenLogs(logs: readonly [GoldenLog, ...GoldenLog[]]): GoldenLog {
  const [first] = logs;
  let connections = 0;
  const requests = logs.flatMap((log, server) => {
    const laterMs = log.originMonotonicMs - first.originMonotonicMs;
    const opened = connections;
    connections += log.connections;
    return log.requests.map((request) => ({
      ...shifted(request, laterMs),
      server,
      connection: opened + request.connection,
    }));
  });
  return { ...first, connections, requests: requests.sort((a, b) => a.receivedMs - b.receivedMs) };
}

function shifted(request: GoldenRequest, ms: number): GoldenRequest {
  const { receivedMs, firstSentMs, lastSentMs, writes } = request;
  const later = (times: readonly number[]): number[] => times.map((time) => time + ms);
  return {
    ...request,
    receivedMs: receivedMs + ms,
    ...(firstSentMs !== undefined && { firstSentMs: firstSentMs + ms }),
    ...(lastSentMs !== undefined && { lastSentMs: lastSentMs + ms }),
    ...(writes && { writes: { ...writes, dueMs: later(writes.dueMs), sentMs: later(writes.sentMs) } }),
  };
}

function toMicroseconds(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
