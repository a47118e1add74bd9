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

/** The machine that the client ran on, during the measured window. What the platform doesn't report is absent. */
export const machineRecordSchema = z.object({
  /** How long the machine was watched, s. */
  seconds: z.number(),
  /** Logical CPUs of the machine. */
  cpus: z.number().optional(),
  /** CPU seconds used by everything on the machine, all CPUs together. */
  busyCpuS: z.number().optional(),
  /** CPU seconds that the host gave to other virtual machines while this one had work to do. */
  stolenCpuS: z.number().optional(),
  /** CPU seconds of the server under test if it runs on this machine; 0 if it runs elsewhere. */
  serverCpuS: z.number().optional(),
  /** Seconds that a thread of the server was ready to run but had no CPU: that of the thread that waited longest. */
  serverWaitS: z.number().optional(),
  /** Busy time except that of the client, its parents and the server; unknown if the server's is unknown. */
  othersCpuS: z.number().optional(),
  /** Seconds that the client was throttled by a CPU limit of its cgroup. */
  throttledS: z.number().optional(),
  /** Time that the machine was suspended, ms; the monotonic clock excludes it. */
  suspendedMs: z.number().optional(),
  /** How far the wall clock moved relative to the monotonic one, ms: it was set, or the virtual machine was paused. */
  wallShiftMs: z.number(),
});

export type MachineRecord = z.output<typeof machineRecordSchema>;

/** Watches the machine until the returned function is called. `baseUrl`: address of the server under test. */
export function watchMachine(baseUrl: string, clock: Clock): () => MachineRecord {
  // Finding processes takes CPU time itself, so it is done outside the counted period.
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
  /** Other clocks minus the run's clock, ms. */
  readonly aheadMs: { readonly wall: number; readonly boot: number | undefined };
  readonly cpu: CpuTimes | undefined;
  readonly own: OwnProcesses;
  readonly processes: ReadonlyMap<number, ProcessTimes>;
  /** Of the server's threads, in seconds. */
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

/** How far another clock is ahead. Uses the fastest of several readings, since a busy machine may interrupt any of them. */
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
      : // Total CPU time has a resolution of 10 ms, that of processes is in nanoseconds.
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
    // Processes that ended in the meantime count with their parent.
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

/** Boot time has a resolution of 10 ms: a few steps are not significant. */
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
