import type { RequestRecord, RunRecord } from '../load/records/record.js';
import { gapsMs } from './request.js';
import { median, percentile } from './statistics.js';

/** A time in which the server sent nothing although it owed tokens. Times are ms on the run's clock. */
export interface Stall {
  readonly startMs: number;
  readonly endMs: number;
  /** Streams that had their first token and went on, or were cut off, after it. */
  readonly decoding: number;
  /** Requests that waited for their first token during all of it. */
  readonly waiting: number;
  /** What of it is beyond the time that was to be expected, ms. */
  readonly lostMs: number;
}

/** No token for so long, and for so many usual gaps, is a stall. */
const LEAST_MS = 2000;
const USUAL_GAPS = 20;
/**
 * The usual gap between the chunks of a stream is the median, or this share of the longer ones: streams of few tokens, many of them in
 * a chunk, have more gaps of nothing than others. A higher share would let a server with many slow steps hide a stall among them.
 */
const LONGER_PERCENTILE = 90;
const LONGER_SHARE = 0.1;
/** A prefill takes at most so many times what others of the run took, for as many tokens. */
const SLOWEST_PREFILL = 4;
/** First tokens that come within this share of a silence after it, and within this time in any case, were prefilled in it. */
const TOGETHER_SHARE = 0.05;
const TOGETHER_MS = 100;

/**
 * Stalls of a run. A silence of all streams is one unless it is the prefill of what gets its first tokens right after it: as long as
 * the run's other prefills take for as many prompt tokens.
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
    // Before it was asked for anything, and once nobody waits for anything more, a server may be silent.
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

/** Stretches that a window is cut into at most: a damaged file may have a window of any length. */
const MOST_STRETCHES = 1_000_000;

/**
 * Spans of LEAST_MS and more without a chunk of any request. Of each stretch of that length only the first and the last arrival are
 * kept: a longer silence always lies between two stretches, and millions of arrivals needn't be sorted.
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

/** Past its first token before a silence and still open after the time that makes it a stall, however it ended then. */
function isDecoding({ chunkMs, doneMs = Infinity }: RequestRecord, fromMs: number, untilMs: number): boolean {
  return (chunkMs[0] ?? Infinity) <= fromMs && doneMs > untilMs;
}

/** Without its first token during at least half of a silence, or during the time that makes it a stall; it may have been given up. */
function isWaiting(
  { chunkMs, sentMs = Infinity, doneMs = Infinity }: RequestRecord,
  fromMs: number,
  nextMs: number,
  leastMs: number,
): boolean {
  // In a closed loop the next request is sent a moment after the last token of the one before.
  const waitedMs = Math.min(nextMs, doneMs) - Math.max(fromMs, sentMs);
  return (chunkMs[0] ?? Infinity) >= nextMs && waitedMs > Math.min(leastMs, (nextMs - fromMs) / 2);
}

/**
 * What prefills take: time from one first token to the next, or from when the next was sent, over its prompt tokens. Returns the
 * time to be expected for those of some requests that got their first token right after a silence.
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
    // Those that come together were prefilled together.
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
