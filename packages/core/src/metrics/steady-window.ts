import { patternOf } from '../load/arrival/index.js';
import type { RequestRecord, RunRecord } from '../load/records/record.js';
import type { Span } from './concurrency.js';
import { completedOf } from './request.js';

/** Fewest requests that must be sent and done within a window; statistics of fewer are not meaningful. */
export const MIN_STEADY_REQUESTS = 5;

/** The steady part of a run, or why it has none. */
export type SteadyWindow = Span | { readonly reason: string };

/**
 * From when half of the first requests (those sent before any had completed) have ended, until the last request is sent. Before
 * it the server fills up: all first requests are in their prefill at about the same time. After it, ended requests are not
 * replaced, and concurrency falls. In between, slots turn over, in a closed loop at the requested concurrency. There are no
 * thresholds: start and end follow from the records alone. Half of the first requests, so that one short answer doesn't start it.
 */
export function steadyWindowOf(run: RunRecord): SteadyWindow {
  if (patternOf(run.spec.arrival).isRamp) return { reason: 'a load whose rate changes has no steady state' };
  const completed = completedOf(run);
  if (completed.length === 0) return { reason: 'no request completed' };
  const span = { startMs: filledAt(run.requests, completed), endMs: lastSent(run.requests) };
  if (!(span.endMs > span.startMs))
    return {
      reason: 'hardly any requests were sent after the first ones had ended: more requests are needed',
    };
  const inside = requestsWithin(completed, span).length;
  if (inside < MIN_STEADY_REQUESTS)
    return { reason: `only ${inside} requests were sent and done in it: more requests are needed` };
  return span;
}

/** Requests that were sent and done within a span. */
export function requestsWithin(requests: readonly RequestRecord[], span: Span): RequestRecord[] {
  return requests.filter(
    ({ sentMs, doneMs }) => (sentMs ?? -Infinity) >= span.startMs && (doneMs ?? Infinity) <= span.endMs,
  );
}

function filledAt(requests: readonly RequestRecord[], completed: readonly RequestRecord[]): number {
  const firstDone = completed.reduce((least, { doneMs }) => Math.min(least, doneMs ?? Infinity), Infinity);
  const first = requests.filter(({ sentMs }) => (sentMs ?? Infinity) < firstDone);
  const ends = Float64Array.from(first, ({ doneMs }) => doneMs ?? Infinity).sort();
  return ends[Math.ceil(ends.length / 2) - 1] ?? Infinity;
}

function lastSent(requests: readonly RequestRecord[]): number {
  return requests.reduce((most, { sentMs }) => Math.max(most, sentMs ?? -Infinity), -Infinity);
}
