import type { RunRecord } from '../../load/records/record.js';
import { deliveredOf } from '../delivered.js';
import { completedOf } from '../request.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Whether the load was delivered as it was asked for. */
export const DELIVERY_CHECKS: readonly Check[] = [
  nothingCompleted,
  incomplete,
  failedRequests,
  failedWarmups,
  overConcurrency,
];

function nothingCompleted(run: RunRecord): Mark | undefined {
  if (completedOf(run).length > 0) return undefined;
  return invalid('no-completed-request', 'no request completed');
}

function incomplete(run: RunRecord): Mark | undefined {
  if (run.complete) return undefined;
  return invalid(
    'incomplete',
    `the run ended early, or records are missing: ${run.requests.length} of ${run.spec.numPrompts} requests`,
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

/** What wasn't warmed up is compiled, loaded and cached by the measured requests. */
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
    `${peakInFlight} requests were in flight at once, ${asked} were asked for`,
  );
}
