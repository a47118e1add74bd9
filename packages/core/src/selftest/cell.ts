import { codecOf } from '../load/client/codecs/index.js';
import type { ApiName } from '../load/client/codecs/names.js';
import type { GoldenInput } from './golden/options.js';
import { LOAD_SPEC_SCHEMA, type LoadSpec } from '../load/spec/spec.js';

/** Schedule of paced cells: like a chat that is read as it arrives. */
export const TTFT_MS = 200;
export const ITL_MS = 20;

/** One load of one server. */
export interface Cell {
  /**
   * `exact`: answers in difficult framings, compared character by character; `paced`: answers on a schedule, whose latencies are compared;
   * `max`: as fast as possible, to find the highest rate.
   */
  readonly kind: 'exact' | 'paced' | 'max';
  readonly api: ApiName;
  readonly workers: number;
  readonly streams: number;
  readonly requests: number;
  readonly outputLen: number;
  readonly server: GoldenInput;
  /** Number of processes of the server. */
  readonly servers: number;
}

/** How many processes or threads each side has. */
export interface Sides extends Pick<Cell, 'workers' | 'servers'> {
  /** Whether there are enough cores for servers that keep one core busy each for exact timing. */
  readonly spin: boolean;
}

/** The most requests of a cell before those it measures. */
const WARM_UPS = 64;
const TIMEOUT_S = 60;
/** Range of token ids for prompts; the server accepts any. */
const VOCABULARY = { first: 1000, end: 30_000 };

/** Number of requests of a cell before those it measures. */
export function warmUpsOf({ streams }: Cell): number {
  return Math.min(streams, WARM_UPS);
}

export function specOf(cell: Cell, baseUrl: string, recordsFile: string): LoadSpec {
  const { api, streams, requests, outputLen, workers, kind } = cell;
  const form = codecOf(api).takesTokenIds ? 'token-ids' : 'text';
  return {
    schema: LOAD_SPEC_SCHEMA,
    endpoint: { baseUrl, api },
    model: 'golden',
    prompts: {
      ...{ kind: 'random', form, vocabulary: VOCABULARY, inputLen: 128, outputLen },
      ...{ rangeRatio: 1, seed: 0, bustCache: 1 },
    },
    arrival: { pattern: 'closed-loop', concurrency: streams },
    numPrompts: requests,
    numWarmups: warmUpsOf(cell),
    ignoreEos: true,
    temperature: 0,
    connections: 'per-slot',
    serverMetrics: false,
    workers,
    timeouts: { connectS: 10, requestS: TIMEOUT_S },
    output: { recordsFile, ...(kind === 'exact' && { keepText: true }) },
  };
}

/** Answers of each API in framings that are allowed but rare. */
export function exactCells(): Cell[] {
  const cell = (api: ApiName, server: GoldenInput): Cell => ({
    kind: 'exact',
    api,
    workers: 1,
    streams: 16,
    requests: 64,
    outputLen: 40,
    server: { text: 'hard', ...server },
    servers: 1,
  });
  return [
    cell('completions', { split: { longest: 1 }, noise: true, lineEnd: 'crlf' }),
    cell('chat', { eventsPerWrite: 8, chunkBytes: 1 }),
    cell('sglang', { split: { longest: 300, random: true }, framing: 'content-length', connection: 'close' }),
    cell('trtllm', { split: { longest: 20, random: true }, framing: 'until-close' }),
  ];
}

export function pacedCell(streams: number, { workers, servers, spin }: Sides, outputLen: number): Cell {
  return {
    kind: 'paced',
    api: 'completions',
    workers,
    streams,
    requests: 2 * streams,
    outputLen,
    server: { ttftMs: TTFT_MS, itlMs: ITL_MS, spin },
    servers,
  };
}

export function maxCell(eventsPerWrite: number, { workers, servers }: Sides, requests: number): Cell {
  return {
    kind: 'max',
    api: 'completions',
    workers,
    streams: 512,
    requests,
    outputLen: 128,
    server: { eventsPerWrite, log: 'requests' },
    servers,
  };
}
