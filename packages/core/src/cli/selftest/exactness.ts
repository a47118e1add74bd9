import type { GoldenRequest } from '../../load/golden/log.js';
import { goldenText, ordinalOf } from '../../load/golden/text.js';
import type { RequestRecord } from '../../load/record.js';
import { warmUpsOf, type Cell } from './cell.js';
import type { CellRun } from './run-cell.js';
import type { Truth } from './truth.js';

/** Where client and server disagree on what was asked and answered, as sentences; none: the client is exact. */
export function inexactness(cell: Cell, { run, log }: CellRun, truth: Truth): string[] {
  const { requests, complete } = run;
  const { requests: atServer, byIndex } = truth;
  const bodies = new Set(atServer.map(({ digest }) => digest));
  return [
    ...(complete ? [] : ['the run is not complete']),
    ...unequal('requests', requests.length, cell.requests),
    ...unequal('indices', new Set(requests.map(({ index }) => index)).size, cell.requests),
    ...unequal('requests at the server', atServer.length, cell.requests),
    ...unequal('different request bodies at the server', bodies.size, cell.requests),
    ...unequal('answers completed by the server', atServer.filter(isCompleted).length, cell.requests),
    // The warm-ups, and the request that asks whether token ids are taken; how many it takes to fit texts is the client's affair.
    ...(byIndex === undefined
      ? []
      : unequal('other requests at the server', log.requests.length - atServer.length, warmUpsOf(cell) + 1)),
    ...requests.flatMap((record) => problemsOf(cell, record, truth)).slice(0, 5),
    ...(cell.kind === 'exact' ? sameAnswers(requests, atServer) : []),
  ];
}

function isCompleted({ end, tokens, tokensSent }: GoldenRequest): boolean {
  return end === 'completed' && tokens === tokensSent;
}

function problemsOf(cell: Cell, record: RequestRecord, truth: Truth): string[] {
  const { state, chunkMs, outputTokens, error, index } = record;
  const what = (name: string): string => `${name} of request ${index}`;
  if (state !== 'completed') return [`request ${index} ${state}: ${error?.code}: ${error?.message}`];
  // Chat answers begin with a chunk that tells a role and brings no token.
  const chunks = cell.outputLen + (cell.api === 'chat' ? 1 : 0);
  return [
    ...unequal(what('chunks'), chunkMs.length, chunks),
    // TensorRT-LLM doesn't count.
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
    return [`the text of request ${index} is not what the server sent`];
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
