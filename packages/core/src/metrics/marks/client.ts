import type { RunRecord } from '../../load/record.js';
import { completedOf, numbersOf, ttftMs } from '../request.js';
import { median } from '../statistics.js';
import { isShort, limitsOf, MORE_CLIENT, most, percent, total, windowS, workersOf } from './client-facts.js';
import { invalid, type Check, type Mark } from './mark.js';

/** What shows that a client was a visible part of what it measured. */
export const CLIENT_CHECKS: readonly Check[] = [
  slowClient,
  busyClient,
  lateTimers,
  lostConnections,
  pageFaults,
];

function slowClient(run: RunRecord): Mark | undefined {
  const limits = limitsOf(run);
  const ttft = median(numbersOf(completedOf(run), ttftMs)) ?? 0;
  const limitMs = Math.max(limits.lagFloorMs, limits.lagShareOfTtft * ttft);
  // With a limit beside a schedule, waiting for a slot is what was asked for, and not the client's doing.
  const waits = run.spec.arrival.pattern !== 'closed-loop' && run.spec.arrival.concurrency !== undefined;
  const sendLag = waits ? 0 : run.client.sendLagMs.mean;
  const loopLag = most([run.client, ...workersOf(run)].map(({ eventLoopLagMs }) => eventLoopLagMs?.p99));
  if ((loopLag ?? 0) <= limitMs && sendLag <= limitMs) return undefined;
  return invalid(
    'slow-client',
    `the client could not keep up: event-loop lag p99 ${loopLag?.toFixed(1) ?? 'unknown'} ms, ` +
      `mean send lag ${sendLag.toFixed(1)} ms, limit ${limitMs.toFixed(1)} ms; ${MORE_CLIENT}`,
  );
}

function busyClient(run: RunRecord): Mark | undefined {
  const limit = limitsOf(run).cpuShare;
  const share = most(workersOf(run).map(({ cpuShare }) => cpuShare));
  if (isShort(run) || share === undefined || share <= limit) return undefined;
  return invalid(
    'client-cpu',
    `a thread of the client used ${percent(share)} of a core, limit ${percent(limit)}: its latencies are its own; ${MORE_CLIENT}`,
  );
}

function lateTimers(run: RunRecord): Mark | undefined {
  const limit = limitsOf(run).lateTimerShare;
  const share = most(
    workersOf(run).map(({ timers }) => (timers?.ticks ? timers.late / timers.ticks : undefined)),
  );
  if (isShort(run) || share === undefined || share <= limit) return undefined;
  return invalid(
    'client-late-timers',
    `${percent(share)} of a thread's timers came more than 5 ms late, limit ${percent(limit)}: ` +
      `something else took its core; leave the client's cores to it, or ${MORE_CLIENT}`,
  );
}

/**
 * A request that is sent again lost its connection before: whichever is more counts. A connection that took its request with it is judged
 * as a failed request.
 */
function lostConnections(run: RunRecord): Mark | undefined {
  const limit = limitsOf(run).droppedShare;
  const workers = workersOf(run);
  const dropped = total(workers, ({ connections }) => connections.dropped);
  const retried = total(workers, ({ connections }) => connections.retried);
  const requests = run.requests.length;
  const failed = requests - completedOf(run).length;
  if (Math.max(dropped - failed, retried) <= limit * requests) return undefined;
  return invalid(
    'client-connections',
    `${dropped} connections were dropped and ${retried} of ${requests} requests sent again, limit ${percent(limit)}: ` +
      "look for limits of the server, of a proxy between or of the system's ports and files, or use a connection per request",
  );
}

function pageFaults(run: RunRecord): Mark | undefined {
  const limit = limitsOf(run).majorFaultsPerS;
  const perS = total(workersOf(run), ({ majorFaults }) => majorFaults ?? 0) / windowS(run);
  if (isShort(run) || perS <= limit) return undefined;
  return invalid(
    'client-page-faults',
    `the client waited for the disk ${perS.toFixed(0)} times a second, limit ${limit}: its memory is short; ` +
      'give it more memory, send fewer streams from one machine, or run it elsewhere',
  );
}
