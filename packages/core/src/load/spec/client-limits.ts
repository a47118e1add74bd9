import { z } from 'zod';

/**
 * Limits beyond which the client itself distorts the results. A result beyond any of them is invalid. CLIENT_LIMITS has the
 * defaults and the reasons.
 */
export const clientLimitsSchema = z.strictObject({
  /** Mean send lag as a share of the median TTFT. */
  lagShareOfTtft: z.number().positive(),
  /** Mean event-loop lag as a share of the median TTFT. First tokens, which arrive together, are read about twice as late. */
  meanLagShareOfTtft: z.number().positive(),
  /** Mean event-loop lags up to this always pass, ms. */
  meanLagFloorMs: z.number().nonnegative(),
  /** Event-loop lag (p99) as a share of the median TTFT. */
  p99LagShareOfTtft: z.number().positive(),
  /** Event-loop lags (p99) and mean send lags up to this always pass, ms. */
  lagFloorMs: z.number().nonnegative(),
  /**
   * CPU share of the busiest thread, including the time that it waited for a core. Above it, reads coalesce and latencies are the
   * client's own.
   */
  cpuShare: z.number().positive().max(1),
  /** Share of timers that fired more than 5 ms late. */
  lateTimerShare: z.number().positive().max(1),
  /** Time that a thread was paused (event-loop delays of 50 ms and more), as a share of the window. */
  frozenShare: z.number().positive().max(1),
  /** Time that the client was throttled by a CPU limit of its cgroup, as a share of the window. */
  throttledShare: z.number().positive().max(1),
  /** Time that a server thread on the client's machine waited for a CPU that other programs used, as a share of the window. */
  serverLostShare: z.number().positive().max(1),
  /** Share of requests that lost their connection or had to be sent again. */
  droppedShare: z.number().nonnegative().max(1),
  /** Page faults per second that needed the disk. */
  majorFaultsPerS: z.number().nonnegative(),
});

export type ClientLimits = z.output<typeof clientLimitsSchema>;

export const CLIENT_LIMITS: ClientLimits = {
  lagShareOfTtft: 0.05,
  meanLagShareOfTtft: 0.025,
  meanLagFloorMs: 1.5,
  /** The largest lags affect only few first tokens: checks/noise shows from which lag on results are wrong. */
  p99LagShareOfTtft: 0.2,
  /** Noise of a shared machine. */
  lagFloorMs: 20,
  cpuShare: 0.95,
  /**
   * On shared cores, means, medians and p99 of TTFT and TPOT stay within 5 % with up to a quarter of timers late (checks/noise).
   */
  lateTimerShare: 0.3,
  /** An equal share of the requests and of the throughput is then due to the client. */
  frozenShare: 0.04,
  throttledShare: 0.05,
  serverLostShare: 0.25,
  droppedShare: 0.01,
  majorFaultsPerS: 10,
};
