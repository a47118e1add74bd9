import { z } from 'zod';

/**
 * From where on a client is a visible part of what it measures. A result beyond one of them is invalid. Defaults, and why, are in
 * CLIENT_LIMITS.
 */
export const clientLimitsSchema = z.strictObject({
  /** Event-loop lag (p99) and mean send lag as a share of the median TTFT. */
  lagShareOfTtft: z.number().positive(),
  /** Lags up to it always pass, ms. */
  lagFloorMs: z.number().nonnegative(),
  /** CPU share of the busiest thread: above it reads coalesce, and latencies are the client's own. */
  cpuShare: z.number().positive().max(1),
  /** Share of timers that came more than 5 ms late. */
  lateTimerShare: z.number().positive().max(1),
  /** Time that a thread stood still (event-loop delays of 50 ms and more), as a share of the window. */
  frozenShare: z.number().positive().max(1),
  /** Time that a CPU limit of its cgroup held the client back, as a share of the window. */
  throttledShare: z.number().positive().max(1),
  /** Time that a thread of a server on the client's machine waited for a CPU that other programs had, as a share of the window. */
  serverLostShare: z.number().positive().max(1),
  /** Share of requests that lost their connection or had to be sent again. */
  droppedShare: z.number().nonnegative().max(1),
  /** Page faults a second that needed the disk. */
  majorFaultsPerS: z.number().nonnegative(),
});

export type ClientLimits = z.output<typeof clientLimitsSchema>;

export const CLIENT_LIMITS: ClientLimits = {
  lagShareOfTtft: 0.05,
  /** The noise of a shared machine. */
  lagFloorMs: 20,
  cpuShare: 0.95,
  lateTimerShare: 0.05,
  /** Of a freeze of 2 % of the window, so many requests have latencies of the client's making: p99 is its own. */
  frozenShare: 0.02,
  throttledShare: 0.05,
  serverLostShare: 0.2,
  droppedShare: 0.01,
  majorFaultsPerS: 10,
};
