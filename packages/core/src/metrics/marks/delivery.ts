import { hasSchedule, patternOf } from '../../load/arrival/index.js';
import type { RunRecord } from '../../load/records/record.js';
import { deliveredOf } from '../delivered.js';
import { completedOf } from '../request.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Whether the load was delivered as intended. */
export const DELIVERY_CHECKS: readonly Check[] = [
  nothingCompleted,
  incomplete,
  failedRequests,
  failedWarmups,
  overConcurrency,
  rateLimited,
  promptsRanOut,
];

function nothingCompleted(run: RunRecord): Mark | undefined {
  if (completedOf(run).length > 0) return undefined;
  return invalid('no-completed-request', 'no request completed');
}

function incomplete(run: RunRecord): Mark | undefined {
  if (run.complete) return undefined;
  return invalid(
    'incomplete',
    `the run ended early, or records are missing: ${run.requests.length} of ${run.records ?? run.spec.numPrompts} requests`,
  );
}

function failedRequests(run: RunRecord): Mark | undefined {
  const { completed, failed } = deliveredOf(run);
  if (failed === 0) return undefined;
  const message = `${failed} of ${completed + failed} requests did not complete`;
  return failed / (completed + failed) > MARK_LIMITS.failedShare
    ? invalid('failed-requests', message)
    : note('failed-requests', message);
}

/** What wasn't warmed up is compiled, loaded and cached during the measured requests. */
function failedWarmups({ warmups: { completed, failed } }: RunRecord): Mark | undefined {
  if (failed === 0) return undefined;
  const message = `${failed} of ${completed + failed} warm-up requests failed: the server may not have been warm`;
  return failed > MARK_LIMITS.mostShare * (completed + failed)
    ? invalid('failed-warmups', message)
    : note('failed-warmups', message);
}

function overConcurrency(run: RunRecord): Mark | undefined {
  const asked = run.spec.arrival.concurrency;
  const { peakInFlight } = run.client;
  if (asked === undefined || peakInFlight <= asked) return undefined;
  return invalid(
    'over-concurrency',
    `${peakInFlight} requests were in flight at once, but at most ${asked} were allowed`,
  );
}

/** A schedule that needed more slots than there were: fewer requests were sent than were due. */
function rateLimited({ spec, requests, client }: RunRecord): Mark | undefined {
  const { arrival } = spec;
  const { concurrency } = arrival;
  if (!hasSchedule(arrival) || concurrency === undefined || client.peakInFlight < concurrency)
    return undefined;
  const sent = requests.flatMap(({ sentMs, scheduledMs, turn = 0 }) =>
    // Later turns of a conversation have no schedule of their own.
    sentMs === undefined || turn > 0 ? [] : [{ sentMs, waitedMs: sentMs - scheduledMs }],
  );
  const waited = sent.filter(({ waitedMs }) => waitedMs > MARK_LIMITS.waitedMs).length;
  if (waited <= MARK_LIMITS.waitedShare * sent.length) return undefined;
  return note(
    'rate-limited',
    `${((100 * waited) / sent.length).toFixed(0)} % of requests waited for one of ${concurrency} slots${sentRate(arrival, sent)}: the server did not keep up with the rate at that concurrency`,
  );
}

/** A load with a duration that ran out of prompts before its end. */
function promptsRanOut({ spec, requests, window, complete }: RunRecord): Mark | undefined {
  const { durationS, numPrompts, arrival } = spec;
  if (durationS === undefined || hasSchedule(arrival) || !complete || requests.length < numPrompts)
    return undefined;
  const lastMs = requests.reduce((last, { sentMs = -Infinity }) => Math.max(last, sentMs), -Infinity);
  return note(
    'prompts-ran-out',
    `all ${numPrompts} prompts were sent after ${((lastMs - window.startMs) / 1000).toFixed(1)} s of the ${durationS} s asked for`,
  );
}

/** `, so that 31.4 requests/s were sent of 40 that were due`; empty if there is no fixed rate. */
function sentRate(
  arrival: RunRecord['spec']['arrival'],
  sent: readonly { readonly sentMs: number }[],
): string {
  const offered = patternOf(arrival).rate?.(arrival);
  const times = Float64Array.from(sent, ({ sentMs }) => sentMs).sort();
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (offered === undefined || spanMs === 0) return '';
  return `, so that ${(((sent.length - 1) * 1000) / spanMs).toPrecision(3)} requests/s were sent of ${offered} that were due`;
}
