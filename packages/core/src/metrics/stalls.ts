import type { RequestRecord, RunRecord } from '../load/records/record.js';
import { gapsMs } from './request.js';
import { median, percentile } from './statistics.js';

/** A time in which the server sent nothing although tokens were due. Times are ms on the run's clock. */
export interface Stall {
  readonly startMs: number;
  readonly endMs: number;
  /** Streams that had their first token before it, and continued or were cut off after it. */
  readonly decoding: number;
  /** Requests that waited for their first token throughout it. */
  readonly waiting: number;
  /** The part beyond the expected time, ms. */
  readonly lostMs: number;
}

/** A silence is a stall if it lasts at least this long, and this many usual gaps. */
const LEAST_MS = 2000;
const USUAL_GAPS = 20;
/**
 * The usual gap between the chunks of a stream is the median, or this percentile of the longer gaps: streams with few tokens,
 * many per chunk, have more gaps of zero than others. A higher percentile would let a server with many slow steps hide a stall
 * among them.
 */
const LONGER_PERCENTILE = 90;
const LONGER_SHARE = 0.1;
/** A prefill takes at most this many times as long as the run's other prefills for as many tokens. */
const SLOWEST_PREFILL = 4;
/**
 * First tokens that arrive within this share of a silence after its end, and within this time in any case, were prefilled during
 * it.
 */
const TOGETHER_SHARE = 0.05;
const TOGETHER_MS = 100;

/**
 * Stalls of a run. A silence of all streams is a stall, unless it is the prefill of the requests that get their first token right
 * after it, with the duration that the run's other prefills take for as many prompt tokens.
 */
export function stallsOf(run: RunRecord): readonly Stall[] {
  const requests = run.requests.filter(({ sentMs }) => sentMs !== undefined);
  const candidates = silencesOf(requests, run.window);
  if (candidates.length === 0) return [];
  const gapMs = usualGapMs(requests);
  const leastMs = Math.max(LEAST_MS, USUAL_GAPS * gapMs);
  const silences = candidates.filter(([fromMs, endMs]) => endMs - fromMs > leastMs);
  const pace = prefillPace(requests);
  return silences.flatMap(([fromMs, nextMs]) => {
    const decoding = requests.filter((request) => isDecoding(request, fromMs, fromMs + leastMs));
    const waiting = requests.filter((request) => isWaiting(request, fromMs, nextMs, leastMs));
    const sentMs = waiting.reduce((least, request) => Math.min(least, request.sentMs ?? Infinity), Infinity);
    // A server may be silent before its first request, and when no request is waiting any more.
    const startMs = decoding.length > 0 ? fromMs : Math.max(fromMs, sentMs);
    const givenUpMs = [...decoding, ...waiting].reduce(
      (most, one) => Math.max(most, one.doneMs ?? Infinity),
      0,
    );
    const endMs = Math.min(nextMs, givenUpMs);
    const lostMs = endMs - startMs - gapMs;
    if (lostMs + gapMs <= leastMs) return [];
    if (lostMs <= SLOWEST_PREFILL * pace(waiting, startMs, endMs)) return [];
    return [{ startMs, endMs, decoding: decoding.length, waiting: waiting.length, lostMs }];
  });
}

/** Most stretches that a window is cut into: a damaged file may have a window of any length. */
const MOST_STRETCHES = 1_000_000;

/**
 * Spans of LEAST_MS and more without a chunk of any request. For each stretch of that length only the first and the last arrival
 * are kept: a longer silence always lies between two stretches, so millions of arrivals needn't be sorted.
 */
function silencesOf(
  requests: readonly RequestRecord[],
  { startMs, endMs }: RunRecord['window'],
): readonly (readonly [number, number])[] {
  const leastMs = Math.max(LEAST_MS, (endMs - startMs) / MOST_STRETCHES);
  const stretches = Math.max(1, Math.ceil((endMs - startMs) / leastMs) + 1);
  const first = new Float64Array(stretches).fill(Infinity);
  const last = new Float64Array(stretches).fill(-Infinity);
  const add = (ms: number): void => {
    const at = Math.min(stretches - 1, Math.max(0, Math.floor((ms - startMs) / leastMs)));
    if (ms < first[at]!) first[at] = ms;
    if (ms > last[at]!) last[at] = ms;
  };
  for (const { chunkMs } of requests) for (let i = 0; i < chunkMs.length; i++) add(chunkMs[i]!);
  const found: (readonly [number, number])[] = [];
  let silentFrom = startMs;
  for (let at = 0; at < stretches; at++) {
    if (first[at] === Infinity) continue;
    if (first[at]! - silentFrom > leastMs) found.push([silentFrom, first[at]!]);
    silentFrom = last[at]!;
  }
  if (endMs - silentFrom > leastMs) found.push([silentFrom, endMs]);
  return found;
}

function usualGapMs(requests: readonly RequestRecord[]): number {
  const gaps = gapsMs(requests);
  return Math.max(median(gaps) ?? 0, LONGER_SHARE * (percentile(gaps, LONGER_PERCENTILE) ?? 0));
}

/** Had its first token before a silence and was still open after the time that makes it a stall, however it ended later. */
function isDecoding({ chunkMs, doneMs = Infinity }: RequestRecord, fromMs: number, untilMs: number): boolean {
  return (chunkMs[0] ?? Infinity) <= fromMs && doneMs > untilMs;
}

/** Had no first token during at least half of a silence, or during the time that makes it a stall; it may have been cancelled. */
function isWaiting(
  { chunkMs, sentMs = Infinity, doneMs = Infinity }: RequestRecord,
  fromMs: number,
  nextMs: number,
  leastMs: number,
): boolean {
  // In a closed loop, a request is sent a moment after the last token of the one before it.
  const waitedMs = Math.min(nextMs, doneMs) - Math.max(fromMs, sentMs);
  return (chunkMs[0] ?? Infinity) >= nextMs && waitedMs > Math.min(leastMs, (nextMs - fromMs) / 2);
}

/**
 * Prefill pace: the time from one first token to the next, or from when the next request was sent, per prompt token. Returns a
 * function that gives the expected time for requests that got their first token right after a silence.
 */
function prefillPace(
  requests: readonly RequestRecord[],
): (waiting: readonly RequestRecord[], startMs: number, endMs: number) => number {
  const started = requests
    .filter(({ chunkMs }) => chunkMs.length > 0)
    .sort((a, b) => (a.chunkMs[0] ?? 0) - (b.chunkMs[0] ?? 0));
  const served: { readonly ms: number; readonly tokens: number }[] = [];
  let before = -Infinity;
  let tokens = 0;
  for (const request of started) {
    const first = request.chunkMs[0] ?? 0;
    tokens += tokensOf(request);
    const ms = first - Math.max(before, request.sentMs ?? first);
    before = first;
    // Requests whose first tokens arrive together were prefilled together.
    if (ms < 1) continue;
    served.push({ ms, tokens });
    tokens = 0;
  }
  const perToken = median(served.map((one) => one.ms / Math.max(1, one.tokens))) ?? 0;
  const perBatch = median(served.map(({ ms }) => ms)) ?? 0;
  return (waiting, startMs, endMs) => {
    const until = endMs + Math.max(TOGETHER_MS, TOGETHER_SHARE * (endMs - startMs));
    const prefilled = waiting.filter(({ chunkMs }) => (chunkMs[0] ?? Infinity) <= until);
    if (prefilled.length === 0) return 0;
    return Math.max(perBatch, perToken * prefilled.reduce((sum, request) => sum + tokensOf(request), 0));
  };
}

function tokensOf({ promptTokens, serverPromptTokens, requestedPromptTokens }: RequestRecord): number {
  return promptTokens ?? serverPromptTokens ?? requestedPromptTokens ?? 1;
}
