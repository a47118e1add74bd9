import { z } from 'zod';
import type { Clock } from '../clock.js';
import {
  cpuTimes,
  processTimes,
  throttledSeconds,
  uptimeMs,
  waitSeconds,
  type CpuTimes,
  type ProcessTimes,
} from './proc.js';
import { ownProcesses, type OwnProcesses } from './server-processes.js';

/** The machine that the client ran on, over the measured window. What the platform doesn't report is left out. */
export const machineRecordSchema = z.object({
  /** How long it was watched, s. */
  seconds: z.number(),
  /** Logical CPUs of the machine. */
  cpus: z.number().optional(),
  /** CPU seconds of all CPUs that anything ran. */
  busyCpuS: z.number().optional(),
  /** CPU seconds that the host gave to other virtual machines while this one had work. */
  stolenCpuS: z.number().optional(),
  /** CPU seconds of the server under test where it runs on this machine; 0 where it runs elsewhere. */
  serverCpuS: z.number().optional(),
  /** Seconds that a thread of the server was ready to run and had no CPU: the one that waited longest. */
  serverWaitS: z.number().optional(),
  /** Busy without the client, what started it, and the server; unknown where the server's part is. */
  othersCpuS: z.number().optional(),
  /** Seconds that a CPU limit of its cgroup held the client back. */
  throttledS: z.number().optional(),
  /** Time that the machine was suspended, which the monotonic clock leaves out, ms. */
  suspendedMs: z.number().optional(),
  /** How far the wall clock moved against the monotonic one, ms: it was set, or the virtual machine stood still. */
  wallShiftMs: z.number(),
});

export type MachineRecord = z.output<typeof machineRecordSchema>;

/** Watches the machine until the returned function is called. `baseUrl`: where the server under test is. */
export function watchMachine(baseUrl: string, clock: Clock): () => MachineRecord {
  // Finding processes takes CPU itself: it is done outside of what is counted.
  const first = ownProcesses(baseUrl);
  const before = look(clock, first);
  return () => {
    const known = look(clock, first);
    const last = ownProcesses(baseUrl);
    return difference(before, { ...known, ...processesOf(last), own: last });
  };
}

interface Look {
  readonly ms: number;
  /** Other clocks minus the run's, ms. */
  readonly aheadMs: { readonly wall: number; readonly boot: number | undefined };
  readonly cpu: CpuTimes | undefined;
  readonly own: OwnProcesses;
  readonly processes: ReadonlyMap<number, ProcessTimes>;
  /** Of the server's threads. */
  readonly waitS: ReadonlyMap<number, number>;
  readonly throttledS: number | undefined;
}

function look(clock: Clock, own: OwnProcesses): Look {
  return {
    cpu: cpuTimes(),
    own,
    ...processesOf(own),
    throttledS: throttledSeconds(),
    ms: clock.now(),
    aheadMs: { wall: aheadMs(clock, Date.now) ?? 0, boot: aheadMs(clock, uptimeMs) },
  };
}

/** How far another clock is ahead: the reading that took the least time, since a busy machine may stop any of them in the middle. */
function aheadMs(clock: Clock, read: () => number | undefined): number | undefined {
  let best = { took: Infinity, ahead: 0 };
  for (let i = 0; i < 5; i++) {
    const before = clock.now();
    const other = read();
    if (other === undefined) return undefined;
    const took = clock.now() - before;
    if (took < best.took) best = { took, ahead: other - before - took / 2 };
  }
  return best.ahead;
}

function processesOf({ client, server }: OwnProcesses): Pick<Look, 'processes' | 'waitS'> {
  const times = [...client, ...(server ?? [])].flatMap((pid) => processTimes(pid) ?? []);
  return {
    processes: new Map(times.map((one) => [one.pid, one])),
    waitS: new Map([...(server ?? [])].flatMap(waitSeconds)),
  };
}

function difference(before: Look, after: Look): MachineRecord {
  const elapsedMs = after.ms - before.ms;
  const busyCpuS = rise(before.cpu?.busyS, after.cpu?.busyS);
  const client = new Set([...before.own.client, ...after.own.client]);
  const server = together(before.own.server, after.own.server);
  const serverCpuS = server && cpuOf(server, before, after);
  const othersCpuS =
    busyCpuS === undefined || serverCpuS === undefined
      ? undefined
      : // Ticks of all CPUs are counted in 10 ms, processes to the nanosecond.
        Math.max(0, busyCpuS - serverCpuS - cpuOf(client, before, after));
  const known = {
    cpus: after.cpu?.cpus,
    busyCpuS,
    stolenCpuS: rise(before.cpu?.stolenS, after.cpu?.stolenS),
    serverCpuS,
    serverWaitS: server && longestWait(before, after),
    othersCpuS,
    throttledS: rise(before.throttledS, after.throttledS),
    suspendedMs: suspendedMs(before, after),
  };
  return {
    seconds: elapsedMs / 1000,
    ...definedOf(known),
    wallShiftMs: after.aheadMs.wall - before.aheadMs.wall,
  };
}

function rise(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : Math.max(0, after - before);
}

function together(
  before: ReadonlySet<number> | undefined,
  after: ReadonlySet<number> | undefined,
): ReadonlySet<number> | undefined {
  return before === undefined || after === undefined ? undefined : new Set([...before, ...after]);
}

function cpuOf(pids: ReadonlySet<number>, before: Look, after: Look): number {
  return sumOf(pids, (pid) => {
    const [first, last] = [before.processes.get(pid), after.processes.get(pid)];
    // What ended meanwhile counts with its parent.
    if (last === undefined) return -(first?.cpuS ?? 0);
    return last.cpuS - (first?.startedAt === last.startedAt ? first.cpuS : 0);
  });
}

function longestWait(before: Look, after: Look): number {
  return [...after.waitS].reduce(
    (most, [thread, s]) => Math.max(most, s - (before.waitS.get(thread) ?? 0)),
    0,
  );
}

function sumOf(pids: ReadonlySet<number>, of: (pid: number) => number): number {
  return Math.max(
    0,
    [...pids].reduce((sum, pid) => sum + of(pid), 0),
  );
}

/** Boot time is told to 10 ms: less than some of them is nothing. */
const LEAST_SUSPENDED_MS = 100;

function suspendedMs(before: Look, after: Look): number | undefined {
  const lost = rise(before.aheadMs.boot, after.aheadMs.boot);
  return lost === undefined || lost >= LEAST_SUSPENDED_MS ? lost : 0;
}

/** Only the members that are known. */
function definedOf<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
