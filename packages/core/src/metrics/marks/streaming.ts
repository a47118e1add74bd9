import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, e2elMs, numbersOf } from '../request.js';
import { median } from '../statistics.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Whether chunks arrived as they were made: what TTFT, TPOT and ITL rest on. */
export const STREAMING_CHECKS: readonly Check[] = [notStreamed, tokensPerChunk, emptyChunks];

/** Chunks of one stream that are closer, ms, came together: no engine makes 4,000 steps a second for one of them. */
const TOGETHER_MS = 0.25;
/** Of shorter responses, ms, it can't be told: a server that answers at once has nothing to hold back. */
const JUDGED_FROM_MS = 20;
/** Of a response's chunks, so many have come in one piece when it was held back, its first ones apart. */
const PIECE_SHARE = 0.8;
/** Fewer may be one step of an engine that takes several at once. */
const PIECE_CHUNKS = 9;
/** What came in one piece came within this share of the response's time. */
const PIECE_TIME_SHARE = 0.05;

/** TTFT and TPOT mean nothing for a response that was held back and came in one piece, or in few. */
function notStreamed(run: RunRecord): Mark | undefined {
  const responses = completedOf(run).filter((request) => hasSteps(request, run));
  // The slowest answers of a server that answers at once are the machine's doing.
  const isSlow = (median(numbersOf(responses, e2elMs)) ?? 0) >= JUDGED_FROM_MS;
  const held = responses.filter((one) => one.chunkMs.length === 1 || (isSlow && isHeldBack(one))).length;
  const share = held / responses.length;
  if (share > MARK_LIMITS.heldShare) {
    const message = `${held} of ${responses.length} responses came in one piece, or all but their first tokens did: look for a proxy that buffers`;
    return share > MARK_LIMITS.mostShare ? invalid('not-streamed', message) : note('not-streamed', message);
  }
  return isSlow ? inBursts(run, responses) : undefined;
}

/** Whether it takes more than one chunk to bring its tokens. */
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

/** Where it is known what a chunk may hold, what comes at once may hold no more. */
function inBursts(run: RunRecord, responses: readonly RequestRecord[]): Mark | undefined {
  const most = run.spec.tokensPerChunk?.max;
  const judged = responses.filter((request) => (e2elMs(request) ?? 0) >= JUDGED_FROM_MS);
  const perGroup = ratioOf(judged, ({ chunkMs }) => groupsOf(chunkMs).length);
  if (most === undefined || perGroup === undefined) return undefined;
  // A count that is too high is no burst.
  const expected = Math.max(most, ratioOf(judged, ({ chunkMs }) => chunkMs.length) ?? 0);
  if (perGroup <= MARK_LIMITS.burstNote * expected) return undefined;
  const message =
    `${perGroup.toFixed(1)} tokens came at once on average, where a chunk holds at most ${most}: ` +
    'something between server and client collects them, and ITL is its own';
  return perGroup > MARK_LIMITS.burstInvalid * expected
    ? invalid('not-streamed', message)
    : note('not-streamed', message);
}

/** Servers put more into a chunk than they were told to when they can't send as fast as they decode; or the count isn't true. */
function tokensPerChunk(run: RunRecord): Mark | undefined {
  const most = run.spec.tokensPerChunk?.max;
  const perChunk = ratioOf(completedOf(run), ({ chunkMs }) => chunkMs.length);
  if (most === undefined || perChunk === undefined || perChunk <= MARK_LIMITS.perChunkNote * most) {
    return undefined;
  }
  const message =
    `the server counts ${perChunk.toFixed(2)} tokens per chunk, where it was set up for ${most} at most: ` +
    'its count is wrong, or it sends late';
  return perChunk > MARK_LIMITS.perChunkInvalid * most
    ? invalid('tokens-per-chunk', message)
    : note('tokens-per-chunk', message);
}

/** Chunks of a response that need no token: one that says whose turn it is, one that says why it ended. */
const WITHOUT_TOKEN = 2;

/** Servers that keep streams open with empty chunks: each of them is an arrival to ITL, and none is a token. */
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
    `${empty} of ${chunks} chunks hold no token, as more came than tokens are counted: ITL counts the gaps between them, ` +
      'and a server that sends them while it stands still shows no stall',
  );
}

/** Output tokens of all requests that have a count over something else of them. */
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

/** Chunks that came together. */
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
