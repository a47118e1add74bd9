import { hasSchedule } from '../../load/arrival/index.js';
import type { RunRecord } from '../../load/records/record.js';
import { completedOf, numbersOf, ttftMs } from '../request.js';
import { median } from '../statistics.js';
import { isShort, limitsOf, MORE_CLIENT, most, percent, total, windowS, workersOf } from './client-facts.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Signs that the client affected what it measured. */
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
  const lags = [run.client, ...workersOf(run)].flatMap(({ eventLoopLagMs }) => eventLoopLagMs ?? []);
  // With a schedule and a limit, waiting for a slot is intended and not caused by the client.
  const waits = hasSchedule(run.spec.arrival) && run.spec.arrival.concurrency !== undefined;
  const beyond = [
    over(
      'event-loop lag p99',
      most(lags.map(({ p99 }) => p99)),
      limits.lagFloorMs,
      limits.p99LagShareOfTtft * ttft,
    ),
    over(
      'mean event-loop lag',
      most(lags.map(({ mean }) => mean)),
      limits.meanLagFloorMs,
      limits.meanLagShareOfTtft * ttft,
    ),
    over(
      'mean send lag',
      waits ? 0 : run.client.sendLagMs.mean,
      limits.lagFloorMs,
      limits.lagShareOfTtft * ttft,
    ),
  ].filter((text) => text !== undefined);
  if (beyond.length === 0) return undefined;
  return invalid('slow-client', `the client could not keep up: ${beyond.join(', ')}; ${MORE_CLIENT}`);
}

/** A lag above the larger of its limits. */
function over(name: string, lagMs: number | undefined, floorMs: number, limitMs: number): string | undefined {
  const most = Math.max(floorMs, limitMs);
  if (lagMs === undefined || lagMs <= most) return undefined;
  return `${name} ${lagMs.toFixed(1)} ms (limit ${most.toFixed(1)} ms)`;
}

function busyClient(run: RunRecord): Mark | undefined {
  const limit = limitsOf(run).cpuShare;
  const shares = workersOf(run).flatMap(({ cpuShare: used, waitS = 0 }) =>
    used === undefined ? [] : [{ used, waited: waitS / windowS(run) }],
  );
  const busiest = shares.reduce((a, b) => (b.used + b.waited > a.used + a.waited ? b : a), {
    used: 0,
    waited: 0,
  });
  if (isShort(run) || busiest.used + busiest.waited <= limit) return undefined;
  const waited =
    busiest.waited > 0.01 ? ` and waited for one for ${percent(busiest.waited)} of the window` : '';
  return invalid(
    'client-cpu',
    `a thread of the client used ${percent(busiest.used)} of a core${waited}, limit ${percent(limit)}: the measured latencies include its own delays; ${MORE_CLIENT}`,
  );
}

/**
 * A share in the range of a note doesn't affect means, medians and p99 of TTFT and TPOT, but it does affect gaps between tokens.
 */
function lateTimers(run: RunRecord): Mark | undefined {
  const limit = limitsOf(run).lateTimerShare;
  const share = most(
    workersOf(run).map(({ timers }) => (timers?.ticks ? timers.late / timers.ticks : undefined)),
  );
  if (isShort(run) || share === undefined || share <= Math.min(limit, MARK_LIMITS.lateTimerNoteShare))
    return undefined;
  const message = `${percent(share)} of a thread's timers fired more than 5 ms late: another program took its core`;
  return share > limit
    ? invalid(
        'client-late-timers',
        `${message}; limit ${percent(limit)}; leave the client's cores to it, or ${MORE_CLIENT}`,
      )
    : note('client-late-timers', `${message}, and high percentiles of ITL are partly the client's own`);
}

/**
 * A request that is sent again lost its connection before, so the larger of the two counts is used. A connection that was lost
 * with its request counts as a failed request.
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
      "look for limits of the server, of a proxy in between or of the system's ports and files, or use one connection per request",
  );
}

function pageFaults(run: RunRecord): Mark | undefined {
  const limit = limitsOf(run).majorFaultsPerS;
  const perS = total(workersOf(run), ({ majorFaults }) => majorFaults ?? 0) / windowS(run);
  if (isShort(run) || perS <= limit) return undefined;
  return invalid(
    'client-page-faults',
    `the client waited for the disk ${perS.toFixed(0)} times per second, limit ${limit}: it is short of memory; ` +
      'give it more memory, send fewer streams from one machine, or run it on another machine',
  );
}
