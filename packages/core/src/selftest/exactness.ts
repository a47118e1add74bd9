import type { GoldenLog, GoldenRequest } from './golden/log.js';
import { goldenText, ordinalOf } from './golden/text.js';
import type { FailureCode } from '../load/client/failure.js';
import type { RequestRecord } from '../load/records/record.js';
import { warmUpsOf, type Cell } from './cell.js';
import type { CellRun } from './run-cell.js';
import type { Truth } from './truth.js';

/** Differences between client and server about requests and answers, as sentences. Empty: the client is exact. */
export function inexactness(cell: Cell, { run, log }: CellRun, truth: Truth): string[] {
  const { requests, complete } = run;
  return [
    ...(complete ? [] : ['the run is not complete']),
    ...unequal('requests', requests.length, cell.requests),
    ...unequal('indices', new Set(requests.map(({ index }) => index)).size, cell.requests),
    // The server may or may not have seen a request that failed for the client.
    ...(failures(requests).length > 0 ? [] : serverProblems(cell, log, truth)),
    ...requests.flatMap((record) => problemsOf(cell, record, truth)).slice(0, 5),
    ...(cell.kind === 'exact' ? sameAnswers(requests, truth.requests) : []),
  ];
}

/** Codes of failures that a lack of resources explains; the golden server causes no other. */
const EXPLAINED = new Set<string | undefined>([
  'connect-failed',
  'connect-timeout',
  'connection-lost',
  'timed-out',
] satisfies FailureCode[]);

/** Requests that failed for lack of resources, by reason, as sentences. */
export function failures(requests: readonly RequestRecord[]): string[] {
  const reasons = new Map<string, { count: number; readonly message: string }>();
  for (const { error } of requests) {
    if (error === undefined || !EXPLAINED.has(error.code)) continue;
    const reason = reasons.get(error.code) ?? { count: 0, message: error.message };
    reason.count++;
    reasons.set(error.code, reason);
  }
  return [...reasons].map(([code, { count, message }]) => `requests failed: ${count} × ${code}: ${message}`);
}

function serverProblems(cell: Cell, log: GoldenLog, { requests, byIndex }: Truth): string[] {
  const bodies = new Set(requests.map(({ digest }) => digest));
  return [
    ...unequal('requests at the server', requests.length, cell.requests),
    ...unequal('different request bodies at the server', bodies.size, cell.requests),
    ...unequal('answers completed by the server', requests.filter(isCompleted).length, cell.requests),
    // The warm-ups, and the request that checks whether token ids are accepted; the client may send any number to fit texts.
    ...(byIndex === undefined
      ? []
      : unequal('other requests at the server', log.requests.length - requests.length, warmUpsOf(cell) + 1)),
  ];
}

function isCompleted({ end, tokens, tokensSent }: GoldenRequest): boolean {
  return end === 'completed' && tokens === tokensSent;
}

function problemsOf(cell: Cell, record: RequestRecord, truth: Truth): string[] {
  const { state, chunkMs, outputTokens, error, index } = record;
  if (state !== 'completed') {
    const isExplained = cell.kind !== 'exact' && EXPLAINED.has(error?.code);
    return isExplained ? [] : [`request ${index} ${state}: ${error?.code}: ${error?.message}`];
  }
  const what = (name: string): string => `${name} of request ${index}`;
  // Chat answers begin with a chunk that holds a role and no token.
  const chunks = cell.outputLen + (cell.api === 'chat' ? 1 : 0);
  return [
    ...unequal(what('chunks'), chunkMs.length, chunks),
    // TensorRT-LLM reports no counts.
    ...(cell.api === 'trtllm'
      ? []
      : unequal(what('tokens counted by the server'), outputTokens, cell.outputLen)),
    ...(cell.kind === 'exact' ? textProblems(cell, record, truth) : []),
  ];
}

function textProblems({ outputLen, server }: Cell, record: RequestRecord, { byIndex }: Truth): string[] {
  const { text = '', index } = record;
  const ordinal = ordinalOf(text);
  if (ordinal === undefined || text !== goldenText(ordinal, outputLen, server.text))
    return [`the text of request ${index} differs from what the server sent`];
  const isOwn = byIndex === undefined || byIndex[index]?.ordinal === ordinal;
  return isOwn ? [] : [`request ${index} has the text of another's answer`];
}

/** Every answer belongs to one request and every request has its answer. */
function sameAnswers(requests: readonly RequestRecord[], truth: readonly GoldenRequest[]): string[] {
  const got = new Set(requests.map(({ text = '' }) => ordinalOf(text)));
  const lost = truth.filter(({ ordinal }) => !got.has(ordinal)).length;
  return lost === 0 ? [] : [`${lost} answers belong to no request`];
}

function unequal(what: string, actual: number | undefined, expected: number): string[] {
  return actual === expected ? [] : [`${what}: ${actual}, not ${expected}`];
}
