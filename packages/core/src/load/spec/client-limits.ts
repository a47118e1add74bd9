import { z } from 'zod';

/**
 * Limits beyond which the client itself distorts the results. A result beyond one of them is invalid. Defaults, and why, are in
 * CLIENT_LIMITS.
 */
export const clientLimitsSchema = z.strictObject({
  /** Mean send lag as a share of the median TTFT. */
  lagShareOfTtft: z.number().positive(),
  /** Mean event-loop lag as a share of the median TTFT. First tokens, which come together, are read about twice as late. */
  meanLagShareOfTtft: z.number().positive(),
  /** Mean event-loop lags up to it always pass, ms. */
  meanLagFloorMs: z.number().nonnegative(),
  /** Event-loop lag (p99) as a share of the median TTFT. */
  p99LagShareOfTtft: z.number().positive(),
  /** Event-loop lags (p99) and mean send lags up to it always pass, ms. */
  lagFloorMs: z.number().nonnegative(),
  /** CPU share of the busiest thread, with the time in which it waited for a core: above it reads coalesce, and latencies are the client's own. */
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
  meanLagShareOfTtft: 0.025,
  meanLagFloorMs: 1.5,
  /** Few first tokens meet the largest lags: checks/noise shows what is wrong from where on. */
  p99LagShareOfTtft: 0.2,
  /** The noise of a shared machine. */
  lagFloorMs: 20,
  cpuShare: 0.95,
  /** Where cores are shared, up to a quarter comes late with means, medians and p99 of TTFT and TPOT within 5 % (checks/noise). */
  lateTimerShare: 0.3,
  /** As large a part of the requests and of the throughput is of the client's making. */
  frozenShare: 0.04,
  throttledShare: 0.05,
  serverLostShare: 0.25,
  droppedShare: 0.01,
  majorFaultsPerS: 10,
};
