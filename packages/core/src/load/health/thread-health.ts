import type { Clock } from './clock.js';
import { readTally, setTally, type Tally } from './tally.js';
import { PauseList } from './pauses.js';
import type { WorkerHealth } from '../records/record.js';
import type { ConnectionCounts } from '../client/slots.js';
import { threadUsage } from './thread-usage.js';

/** Interval of a timer that measures the delay of the event loop. */
const TICK_MS = 10;
/** Timers are due on whole milliseconds; more than this counts as late. */
const LATE_MS = 5;
const TICKS_A_SHARE = 25;

/** Watches the calling thread until the returned function is called. `latestReadMs`: when it last read bytes of an answer. */
export function watchWorker(
  tally: Tally,
  clock: Clock,
  latestReadMs: () => number,
): (requests: number, connections: ConnectionCounts) => WorkerHealth {
  const startMs = clock.now();
  const before = threadUsage();
  const lags: number[] = [];
  const pauses = new PauseList();
  let dueMs = startMs + TICK_MS;
  const timer = setInterval(() => {
    const now = clock.now();
    const lag = Math.max(0, now - dueMs);
    lags.push(lag);
    pauses.add(dueMs, lag);
    dueMs = now + TICK_MS;
    if (lag > readTally(tally, 'lagMs')) setTally(tally, 'lagMs', lag);
    if (lags.length % TICKS_A_SHARE !== 0) return;
    setTally(tally, 'cpuShare', shareOf(before, now - startMs) ?? 0);
    setTally(tally, 'readMs', latestReadMs());
  }, TICK_MS);
  return (requests, connections) => {
    clearInterval(timer);
    // The last timer may not have fired.
    pauses.add(dueMs, clock.now() - dueMs);
    const after = threadUsage();
    const cpuS = difference(before.cpuS, after.cpuS);
    const waitS = difference(before.waitS, after.waitS);
    const majorFaults = difference(before.majorFaults, after.majorFaults);
    return {
      requests,
      connections: { ...connections },
      ...(cpuS !== undefined && { cpuS, cpuShare: (cpuS * 1000) / (clock.now() - startMs) }),
      ...(waitS !== undefined && { waitS }),
      ...lagOf(lags),
      pauses: pauses.summary(),
      ...(majorFaults !== undefined && { majorFaults }),
    };
  };
}

function shareOf(before: { readonly cpuS?: number }, elapsedMs: number): number | undefined {
  const used = difference(before.cpuS, threadUsage().cpuS);
  return used === undefined ? undefined : (used * 1000) / elapsedMs;
}

/** Unknown for runs shorter than one tick. */
function lagOf(lags: readonly number[]): Pick<WorkerHealth, 'eventLoopLagMs' | 'timers'> {
  if (lags.length === 0) return {};
  const sorted = Float64Array.from(lags).sort();
  return {
    eventLoopLagMs: {
      mean: sorted.reduce((sum, lag) => sum + lag, 0) / sorted.length,
      p99: sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0,
      max: sorted[sorted.length - 1] ?? 0,
    },
    timers: { ticks: sorted.length, late: sorted.filter((lag) => lag > LATE_MS).length },
  };
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}
