import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../records/request-record.js';

/** Pauses before an endpoint is asked again that is busy for now, ms: it has some 8 s to recover. */
export const RETRY_PAUSES_MS: readonly number[] = [250, 500, 1000, 2000, 4000];

/** A server that wants to be left alone for longer, ms, is asked again after this all the same. */
const LONGEST_PAUSE_MS = 30_000;

/** Statuses that say nothing of the request: a time-out, too early, too many requests. All of 5xx are of the kind as well. */
const PASSING: readonly string[] = ['http-408', 'http-425', 'http-429'];

/** Answers that weren't one, though the connection is good; an engine that dies says such things, and one that dislikes a prompt. */
const BROKEN: readonly string[] = ['error-event', 'malformed-chunk', 'truncated-stream', 'no-chunks'];

/** Statuses of a request that would be refused in whatever form. */
const UNCONDITIONAL: readonly string[] = ['http-401', 'http-403', 'http-404'];

/** Whether the same request may well be answered a moment later. */
function mayPass(code: string): boolean {
  return isBusy(code) || code === 'connection-lost' || BROKEN.includes(code);
}

/** Whether the endpoint has no time for requests, whatever they are. */
export function isBusy(code: string): boolean {
  return PASSING.includes(code) || /^http-5/.test(code);
}

/** Whether the endpoint refused the request for what it is, so that another one may be taken. */
export function isRefusal({ error }: Outcome): boolean {
  if (error === undefined || isBusy(error.code) || UNCONDITIONAL.includes(error.code)) return false;
  return /^http-4/.test(error.code) || BROKEN.includes(error.code);
}

/**
 * Sends a request until it is answered, or refused for good: servers that start up, or are busy, refuse what they take a moment later.
 * @param onRetry is told of each answer that wasn't the last.
 */
export async function askPatiently(
  send: () => Promise<Outcome>,
  signal: AbortSignal,
  onRetry: (outcome: Outcome) => void,
  pausesMs = RETRY_PAUSES_MS,
): Promise<Outcome> {
  let outcome = await send();
  for (const pauseMs of pausesMs) {
    const { error } = outcome;
    if (error === undefined || !mayPass(error.code) || signal.aborted) break;
    onRetry(outcome);
    const wantedMs = (error.retryAfterS ?? 0) * 1000;
    await delay(Math.min(Math.max(pauseMs, wantedMs), LONGEST_PAUSE_MS), undefined, { signal }).catch(
      () => {},
    );
    outcome = await send();
  }
  return outcome;
}
