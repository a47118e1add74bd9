import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../records/request-record.js';

/** Pauses before the next try with a busy endpoint, ms: it has about 8 s to recover. */
export const RETRY_PAUSES_MS: readonly number[] = [250, 500, 1000, 2000, 4000];

/** Longest pause, ms: a server that asks for a longer one is asked again after this. */
const LONGEST_PAUSE_MS = 30_000;

/** Statuses that don't concern the request itself: timeout, too early, too many requests. All 5xx are treated alike. */
const PASSING: readonly string[] = ['http-408', 'http-425', 'http-429'];

/** Broken answers over a good connection: sent by an engine that is crashing, but also by one that can't handle a prompt. */
const BROKEN: readonly string[] = ['error-event', 'malformed-chunk', 'truncated-stream', 'no-chunks'];

/** Statuses with which a request would be refused in any form. */
const UNCONDITIONAL: readonly string[] = ['http-401', 'http-403', 'http-404'];

/** Whether the same request may be answered a moment later. */
function mayPass(code: string): boolean {
  return isBusy(code) || code === 'connection-lost' || BROKEN.includes(code);
}

/** Whether the endpoint is too busy for any request. */
export function isBusy(code: string): boolean {
  return PASSING.includes(code) || /^http-5/.test(code);
}

/** Whether the endpoint refused this request, so that another one may be accepted. */
export function isRefusal({ error }: Outcome): boolean {
  if (error === undefined || isBusy(error.code) || UNCONDITIONAL.includes(error.code)) return false;
  return /^http-4/.test(error.code) || BROKEN.includes(error.code);
}

/**
 * Sends a request until it is answered or finally refused: servers that start up or are busy refuse requests that they accept a
 * moment later.
 * @param onRetry is called for each answer except the last.
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
