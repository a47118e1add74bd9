import type { MachineRecord } from './machine/machine.js';
import { peakInFlight, sendLag } from './window.js';
import type { ClientHealth, WorkerHealth } from '../records/record.js';
import type { TimelineColumns } from './timeline.js';

/** Name and version of this load generator in results. */
export const CLIENT_NAME = 'sweepline-load/1';

/** Health as far as request times show it: all that is left when the client was killed. */
export function healthOf(timeline: TimelineColumns): ClientHealth {
  return { name: CLIENT_NAME, peakInFlight: peakInFlight(timeline), sendLagMs: sendLag(timeline) };
}

/** Health of a client and all its threads. */
export function healthOfWorkers(
  timeline: TimelineColumns,
  workers: readonly WorkerHealth[],
  { cpuS, machine }: { readonly cpuS?: number | undefined; readonly machine?: MachineRecord | undefined },
): ClientHealth {
  const lags = workers.flatMap(({ eventLoopLagMs }) => eventLoopLagMs ?? []);
  const most = (of: (lag: (typeof lags)[number]) => number) => Math.max(...lags.map(of));
  return {
    ...healthOf(timeline),
    // The worst thread decides how far the numbers can be trusted.
    ...(lags.length > 0 && {
      eventLoopLagMs: {
        mean: most(({ mean }) => mean),
        p99: most(({ p99 }) => p99),
        max: most(({ max }) => max),
      },
    }),
    ...(cpuS !== undefined && { cpuS }),
    workers,
    ...(machine !== undefined && { machine }),
  };
}
