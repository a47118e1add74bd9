import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/*
 * Readers of Linux's /proc and cgroups. They return undefined if a file is missing, can't be read or has another format: other
 * systems don't have these files, and some containers hide them.
 */

/** Ticks per second of times in /proc (USER_HZ): 100 on all architectures that Node supports. */
const TICKS_PER_S = 100;

/** CPU seconds of all CPUs together since the machine started. */
export interface CpuTimes {
  readonly cpus: number;
  /** Running any process. */
  readonly busyS: number;
  /** Given to other virtual machines of the host while this one had work to do. */
  readonly stolenS: number;
  /** Busy, stolen and idle. */
  readonly totalS: number;
}

/** proc_stat(5): user nice system idle iowait irq softirq steal; guest times are included in user and nice. */
export function cpuTimes(text = read('/proc/stat')): CpuTimes | undefined {
  const [line = '', ...others] = text?.split('\n') ?? [];
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  if (!line.startsWith('cpu ') || ticks.length < 8 || ticks.some(Number.isNaN)) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = ticks;
  const busy = user + nice + system + irq + softirq;
  return {
    cpus: others.filter((other) => /^cpu\d/.test(other)).length,
    busyS: busy / TICKS_PER_S,
    stolenS: steal / TICKS_PER_S,
    totalS: (busy + steal + idle + iowait) / TICKS_PER_S,
  };
}

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Of the process and its children that have ended. */
  readonly cpuS: number;
  /** Ticks since the machine started; distinguishes it from a later process with the same pid. */
  readonly startedAt: number;
}

/**
 * proc_pid_stat(5), after the name, which may contain spaces and brackets: ppid is field 4, pgrp 5, utime 14 to cstime 17,
 * starttime 22.
 */
export function processTimes(pid: number): ProcessTimes | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3] ?? NaN);
  const ticks = [14, 15, 16, 17].reduce((sum, number) => sum + field(number), 0);
  return { pid, parent: field(4), group: field(5), cpuS: ticks / TICKS_PER_S, startedAt: field(22) };
}

export function allProcesses(): ReadonlyMap<number, ProcessTimes> {
  const pids = list('/proc').filter((name) => /^\d+$/.test(name));
  const processes = pids.flatMap((pid) => processTimes(Number(pid)) ?? []);
  return new Map(processes.map((one) => [one.pid, one]));
}

/** Seconds that each thread of a process was ready to run but had no CPU (second number of schedstat), by thread id. */
export function waitSeconds(pid: number): readonly (readonly [thread: number, seconds: number])[] {
  return list(`/proc/${pid}/task`).flatMap((task) => {
    const nanoseconds = read(`/proc/${pid}/task/${task}/schedstat`)?.split(' ')[1];
    return nanoseconds === undefined ? [] : [[Number(task), Number(nanoseconds) / 1e9] as const];
  });
}

/** Processes that listen on a TCP port of this machine, as far as this process may see. */
export function listenersOn(port: number): readonly number[] {
  const inodes = new Set(
    ['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap((file) => inodesOf(file, port)),
  );
  if (inodes.size === 0) return [];
  const listens = (pid: string): boolean =>
    list(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`) ?? '')?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  return list('/proc')
    .filter((name) => /^\d+$/.test(name) && listens(name))
    .map(Number);
}

/** proc_net_tcp(5): local address, remote address, state (0A: listening), …; inode is the tenth. */
function inodesOf(file: string, port: number): readonly string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = (read(file) ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([, local = '', , state, , , , , , inode]) =>
    state === '0A' && local.endsWith(ending) && inode !== undefined ? [inode] : [],
  );
}

/** Time since the machine started, including suspension (CLOCK_BOOTTIME), ms; resolution 10 ms. */
export function uptimeMs(): number | undefined {
  const text = read('/proc/uptime')?.split(' ')[0];
  return text === undefined ? undefined : Number(text) * 1000;
}

/**
 * Seconds that this process was throttled by the CPU limits of its cgroup, or of one above it. Version 2 has microseconds,
 * version 1 nanoseconds (Documentation/admin-guide/cgroup-v2.rst; scheduler/sched-bwc.rst).
 */
export function throttledSeconds(): number | undefined {
  const folders = (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === '') return [];
    if (controllers === '')
      return [...upwards('/sys/fs/cgroup', path), ...upwards('/sys/fs/cgroup/unified', path)];
    return controllers.split(',').includes('cpu') ? upwards('/sys/fs/cgroup/cpu', path) : [];
  });
  const seconds = folders.flatMap((folder) => {
    const stat = read(`${folder}/cpu.stat`) ?? '';
    const micro = /^throttled_usec (\d+)$/m.exec(stat)?.[1];
    const nano = /^throttled_time (\d+)$/m.exec(stat)?.[1];
    return micro !== undefined ? Number(micro) / 1e6 : nano !== undefined ? Number(nano) / 1e9 : [];
  });
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}

/** A folder below `root`, and all folders between them. */
function upwards(root: string, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return [...parts.map((_, i) => `${root}/${parts.slice(0, parts.length - i).join('/')}`), root];
}

/** Arguments of a process. */
export function argumentsOf(pid: number): readonly string[] {
  return (read(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((argument) => argument !== '');
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function link(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
