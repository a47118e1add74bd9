import { monitorEventLoopDelay } from 'node:perf_hooks';
import { peakInFlight, sendLag } from './measured.js';
import type { ClientHealth, RequestRecord } from './record.js';

/** Name and version of this load generator, as results give it. */
export const CLIENT_NAME = 'sweepline-load/1';

const RESOLUTION_MS = 10;

/** Health as far as records tell it: what is left when the client was killed. */
export function healthOf(requests: readonly RequestRecord[]): ClientHealth {
  return { name: CLIENT_NAME, peakInFlight: peakInFlight(requests), sendLagMs: sendLag(requests) };
}

/** Watches the client from now on until the returned function is called. */
export function watchHealth(
  cpuSeconds: (() => number) | undefined,
): (requests: readonly RequestRecord[]) => ClientHealth {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const cpuBefore = cpuSeconds?.();
  return (requests) => {
    delays.disable();
    const cpuAfter = cpuSeconds?.();
    // The histogram holds whole intervals between ticks; what is beyond the resolution is delay.
    const lag = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
    return {
      ...healthOf(requests),
      ...(delays.count > 0 && {
        eventLoopLagMs: { mean: lag(delays.mean), p99: lag(delays.percentile(99)), max: lag(delays.max) },
      }),
      ...(cpuBefore !== undefined && cpuAfter !== undefined && { cpuS: cpuAfter - cpuBefore }),
    };
  };
}
