import { setTimeout as delay } from 'node:timers/promises';
import { cpuTimes, type CpuTimes } from './proc.js';

/** CPU time of other processes plus stolen time, as a share of all CPUs' time: a quiet machine is below this. */
export const QUIET_SHARE = 0.03;

export interface Quietness {
  readonly quiet: boolean;
  /** Shares of all CPUs' time over the window. */
  readonly busy: number;
  readonly stolen: number;
  readonly seconds: number;
}

/**
 * Whether the machine is quiet: watches it while the caller runs nothing, so all CPU use is that of others. Undefined if the
 * platform has no /proc/stat.
 */
export async function watchQuiet(seconds = 2, signal?: AbortSignal): Promise<Quietness | undefined> {
  const before = cpuTimes();
  await delay(seconds * 1000, undefined, { signal });
  const after = cpuTimes();
  return before && after && quietnessBetween(before, after);
}

export function quietnessBetween(before: CpuTimes, after: CpuTimes): Quietness | undefined {
  const totalS = after.totalS - before.totalS;
  if (totalS <= 0) return undefined;
  const busy = (after.busyS - before.busyS) / totalS;
  const stolen = (after.stolenS - before.stolenS) / totalS;
  return {
    quiet: busy + stolen < QUIET_SHARE,
    busy,
    stolen,
    seconds: totalS / Math.max(1, after.cpus),
  };
}
