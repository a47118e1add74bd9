import type { RunRecord } from '../load/record.js';
import { completedOf } from './request.js';
import { steadyWindowOf } from './steady-window.js';

/**
 * What limits how far a result's numbers can be read, without anything being wrong with the run. Kept apart from marks, which would be on
 * nearly every run then: InferenceX's points of less than 100 streams all have fewer than 1,000 requests.
 */
export interface Caveat {
  readonly code: string;
  readonly message: string;
}

/** Requests from where on ten or more lie beyond the 99th percentile. */
export const P99_REQUESTS = 1000;

export function caveatsOf(run: RunRecord): Caveat[] {
  return [fewRequests(run), noSteadyWindow(run)].filter((caveat) => caveat !== undefined);
}

function fewRequests(run: RunRecord): Caveat | undefined {
  const { length } = completedOf(run);
  if (length === 0 || length >= P99_REQUESTS) return undefined;
  const beyond = Math.max(1, Math.floor(length / 100));
  return {
    code: 'p99-few-requests',
    message: `p99 and beyond of ${length} requests rest on the slowest ${beyond === 1 ? 'one' : beyond} of them; ${P99_REQUESTS} or more make them solid`,
  };
}

function noSteadyWindow(run: RunRecord): Caveat | undefined {
  const window = steadyWindowOf(run);
  return 'reason' in window ? { code: 'no-steady-window', message: window.reason } : undefined;
}
