import type { GoldenRequest } from '../../load/golden/log.js';
import { goldenText, ordinalOf } from '../../load/golden/text.js';
import type { RequestRecord } from '../../load/record.js';
import type { Cell } from './cell.js';
import type { CellRun } from './run-cell.js';

/** The server's requests of the measured part: those before it had all ended when it began. */
export function measuredRequests(cell: Cell, { log }: CellRun): readonly GoldenRequest[] {
  return log.requests.slice(-cell.requests);
}

/** Where client and server disagree on what was asked and answered, as sentences; none: the client is exact. */
export function inexactness(cell: Cell, cellRun: CellRun): string[] {
  const { requests, complete } = cellRun.run;
  const truth = measuredRequests(cell, cellRun);
  return [
    ...(complete ? [] : ['the run is not complete']),
    ...unequal('requests', requests.length, cell.requests),
    ...unequal('indices', new Set(requests.map(({ index }) => index)).size, cell.requests),
    ...unequal('answers completed by the server', truth.filter(isCompleted).length, cell.requests),
    ...unequal(
      'different request bodies at the server',
      new Set(truth.map(({ digest }) => digest)).size,
      cell.requests,
    ),
    ...requests.flatMap((record) => problemsOf(cell, record)).slice(0, 5),
    ...(cell.kind === 'exact' ? sameAnswers(requests, truth) : []),
  ];
}

function isCompleted({ end, tokens, tokensSent }: GoldenRequest): boolean {
  return end === 'completed' && tokens === tokensSent;
}

function problemsOf(cell: Cell, record: RequestRecord): string[] {
  const { state, chunkMs, outputTokens, error, index, text } = record;
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
    ...(cell.kind === 'exact' ? textProblems(cell, text, index) : []),
  ];
}

function textProblems({ outputLen, server }: Cell, text = '', index: number): string[] {
  const ordinal = ordinalOf(text);
  const isExact = ordinal !== undefined && text === goldenText(ordinal, outputLen, server.text);
  return isExact ? [] : [`the text of request ${index} is not what the server sent`];
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
