import type { RunRecord } from '../load/records/record.js';
import { completedOf, contentMs, numbersOf, ttftMs } from './request.js';
import { median } from './statistics.js';
import { requestsWithin, steadyWindowOf } from './steady-window.js';

/**
 * Limits on how a result's numbers can be interpreted, although nothing is wrong with the run. Separate from marks, as nearly
 * every run would have them: InferenceX's points with fewer than 100 streams all have fewer than 1,000 requests.
 */
export interface Caveat {
  readonly code: string;
  readonly message: string;
}

/** Number of requests from which ten or more are above the 99th percentile. */
export const P99_REQUESTS = 1000;

/**
 * A caveat needs a first chunk without text that precedes the first one with text by more than both limits: ms, and a share of
 * the time to first text.
 */
const EMPTY_FIRST_MS = 5;
const EMPTY_FIRST_SHARE = 0.05;
/** Share of responses. */
const NO_TEXT_SHARE = 0.5;

export function caveatsOf(run: RunRecord): Caveat[] {
  return [
    fewRequests(run),
    fewSteadyRequests(run),
    noSteadyWindow(run),
    emptyFirstChunk(run),
    noText(run),
  ].filter((caveat) => caveat !== undefined);
}

function fewRequests(run: RunRecord): Caveat | undefined {
  const { length } = completedOf(run);
  if (length === 0 || length >= P99_REQUESTS) return undefined;
  return { code: 'p99-few-requests', message: `p99 and beyond of ${length} requests ${restOn(length)}` };
}

/** Only reported if the run as a whole has enough requests. */
function fewSteadyRequests(run: RunRecord): Caveat | undefined {
  const completed = completedOf(run);
  const window = steadyWindowOf(run);
  if (completed.length < P99_REQUESTS || 'reason' in window) return undefined;
  const { length } = requestsWithin(completed, window);
  if (length >= P99_REQUESTS) return undefined;
  return {
    code: 'p99-few-steady-requests',
    message: `p99s of the ${length} requests in the steady window ${restOn(length)}`,
  };
}

function restOn(requests: number): string {
  const beyond = Math.max(1, Math.floor(requests / 100));
  return `depend on the slowest ${beyond === 1 ? 'one' : beyond} of them; ${P99_REQUESTS} or more make them reliable`;
}

function noSteadyWindow(run: RunRecord): Caveat | undefined {
  const window = steadyWindowOf(run);
  return 'reason' in window ? { code: 'no-steady-window', message: window.reason } : undefined;
}

/** InferenceX's TTFT counts such a chunk; a user sees the first text later. */
function emptyFirstChunk(run: RunRecord): Caveat | undefined {
  const completed = completedOf(run);
  const first = median(numbersOf(completed, ttftMs));
  const content = median(numbersOf(completed, contentMs));
  if (first === undefined || content === undefined) return undefined;
  if (content - first <= Math.max(EMPTY_FIRST_MS, EMPTY_FIRST_SHARE * content)) return undefined;
  return {
    code: 'empty-first-chunk',
    message:
      `the first chunk has no text: median TTFT is ${first.toFixed(1)} ms, but ${content.toFixed(1)} ms to the first text ` +
      '(TTFT (content)), which is what a user waits for',
  };
}

/** Some tokens decode to nothing; if most responses have only such tokens, there is no evidence that they were generated. */
function noText(run: RunRecord): Caveat | undefined {
  const completed = completedOf(run);
  const without = completed.length - numbersOf(completed, contentMs).length;
  if (without === 0 || without <= NO_TEXT_SHARE * completed.length) return undefined;
  return {
    code: 'no-text',
    message: `${without} of ${completed.length} responses have no text at all, only token counts: look at what the server answers`,
  };
}
