import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, e2elMs, numbersOf } from '../request.js';
import { median } from '../statistics.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Whether chunks arrived as they were generated, which TTFT, TPOT and ITL depend on. */
export const STREAMING_CHECKS: readonly Check[] = [notStreamed, tokensPerChunk, emptyChunks];

/**
 * Chunks of one stream that are closer than this, ms, arrived together: no engine makes 4,000 steps per second for one stream.
 */
const TOGETHER_MS = 0.25;
/** Responses shorter than this, ms, are not judged: a server that answers at once has nothing to hold back. */
const JUDGED_FROM_MS = 20;
/** Share of a response's chunks, apart from its first ones, that arrive in one piece when it was held back. */
const PIECE_SHARE = 0.8;
/** Fewer chunks may be one step of an engine that generates several at once. */
const PIECE_CHUNKS = 9;
/** The piece arrives within this share of the response's time. */
const PIECE_TIME_SHARE = 0.05;

/** TTFT and TPOT mean nothing for a response that was held back and arrived in one or a few pieces. */
function notStreamed(run: RunRecord): Mark | undefined {
  const responses = completedOf(run).filter((request) => hasSteps(request, run));
  // If a server answers at once, its slowest answers are due to the machine.
  const isSlow = (median(numbersOf(responses, e2elMs)) ?? 0) >= JUDGED_FROM_MS;
  const held = responses.filter((one) => one.chunkMs.length === 1 || (isSlow && isHeldBack(one))).length;
  const share = held / responses.length;
  if (share > MARK_LIMITS.heldShare) {
    const message = `${held} of ${responses.length} responses arrived in one piece, or all but their first tokens did: look for a proxy that buffers`;
    return share > MARK_LIMITS.mostShare ? invalid('not-streamed', message) : note('not-streamed', message);
  }
  return isSlow ? inBursts(run, responses) : undefined;
}

/** Whether its tokens need more than one chunk. */
function hasSteps({ outputTokens, requestedOutputTokens, chunkMs }: RequestRecord, run: RunRecord): boolean {
  const most = run.spec.tokensPerChunk?.max ?? 1;
  return (outputTokens ?? requestedOutputTokens) > most && chunkMs.length > 0;
}

function isHeldBack(request: RequestRecord): boolean {
  const { chunkMs } = request;
  const wholeMs = e2elMs(request) ?? 0;
  if (wholeMs < JUDGED_FROM_MS) return false;
  const { chunks, lastedMs } = largestOf(groupsOf(chunkMs));
  const isMost = chunks >= PIECE_CHUNKS && chunks >= PIECE_SHARE * chunkMs.length;
  return lastedMs <= PIECE_TIME_SHARE * wholeMs && (chunks === chunkMs.length || isMost);
}

/** If the maximum per chunk is known, no more tokens than that may arrive at once. */
function inBursts(run: RunRecord, responses: readonly RequestRecord[]): Mark | undefined {
  const most = run.spec.tokensPerChunk?.max;
  const judged = responses.filter((request) => (e2elMs(request) ?? 0) >= JUDGED_FROM_MS);
  const perGroup = ratioOf(judged, ({ chunkMs }) => groupsOf(chunkMs).length);
  if (most === undefined || perGroup === undefined) return undefined;
  // A token count that is too high is not a burst.
  const expected = Math.max(most, ratioOf(judged, ({ chunkMs }) => chunkMs.length) ?? 0);
  if (perGroup <= MARK_LIMITS.burstNote * expected) return undefined;
  const message =
    `${perGroup.toFixed(1)} tokens arrived at once on average, but a chunk holds at most ${most}: ` +
    'something between server and client buffers them, and ITL is that of the buffer';
  return perGroup > MARK_LIMITS.burstInvalid * expected
    ? invalid('not-streamed', message)
    : note('not-streamed', message);
}

/** Servers put more into a chunk than configured when they can't send as fast as they decode; or the count is wrong. */
function tokensPerChunk(run: RunRecord): Mark | undefined {
  const most = run.spec.tokensPerChunk?.max;
  const perChunk = ratioOf(completedOf(run), ({ chunkMs }) => chunkMs.length);
  if (most === undefined || perChunk === undefined || perChunk <= MARK_LIMITS.perChunkNote * most) {
    return undefined;
  }
  const message =
    `the server counts ${perChunk.toFixed(2)} tokens per chunk, but it is configured for at most ${most}: ` +
    'its count is wrong, or it sends late';
  return perChunk > MARK_LIMITS.perChunkInvalid * most
    ? invalid('tokens-per-chunk', message)
    : note('tokens-per-chunk', message);
}

/** Chunks of a response that need no token: one with the role, one with the finish reason. */
const WITHOUT_TOKEN = 2;

/** Some servers keep streams open with empty chunks: ITL counts each as an arrival, but none holds a token. */
function emptyChunks(run: RunRecord): Mark | undefined {
  let [chunks, empty] = [0, 0];
  for (const { chunkMs, outputTokens } of completedOf(run)) {
    if (outputTokens === undefined) continue;
    chunks += chunkMs.length;
    empty += Math.max(0, chunkMs.length - outputTokens - WITHOUT_TOKEN);
  }
  if (empty <= MARK_LIMITS.emptyChunkShare * chunks) return undefined;
  return note(
    'empty-chunks',
    `${empty} of ${chunks} chunks hold no token, as there were more chunks than tokens: ITL counts the gaps between them, ` +
      'and a server that sends them during a stall hides it',
  );
}

/** Ratio of output tokens to another quantity, over all requests that have a count. */
function ratioOf(
  requests: readonly RequestRecord[],
  of: (request: RequestRecord) => number,
): number | undefined {
  let tokens = 0;
  let others = 0;
  for (const request of requests) {
    if (request.outputTokens === undefined) continue;
    tokens += request.outputTokens;
    others += of(request);
  }
  return others === 0 ? undefined : tokens / others;
}

interface Group {
  readonly chunks: number;
  readonly lastedMs: number;
}

/** Chunks that arrived together. */
function groupsOf(chunkMs: ArrayLike<number>): readonly Group[] {
  const groups: Group[] = [];
  let first = 0;
  for (let i = 1; i <= chunkMs.length; i++) {
    if (i < chunkMs.length && chunkMs[i]! - chunkMs[i - 1]! < TOGETHER_MS) continue;
    groups.push({ chunks: i - first, lastedMs: chunkMs[i - 1]! - chunkMs[first]! });
    first = i;
  }
  return groups;
}

function largestOf(groups: readonly Group[]): Group {
  return groups.reduce((a, b) => (b.chunks > a.chunks ? b : a), { chunks: 0, lastedMs: 0 });
}
