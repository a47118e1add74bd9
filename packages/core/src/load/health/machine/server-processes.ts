import { hostname, networkInterfaces } from 'node:os';
import { pid as ownPid, ppid, argv } from 'node:process';
import { allProcesses, argumentsOf, listenersOn, type ProcessTimes } from './proc.js';

/** The processes of the machine that belong to the measurement. */
export interface OwnProcesses {
  /** The client and its parents. */
  readonly client: ReadonlySet<number>;
  /** The server under test. Undefined if it runs, or may run, on this machine but was not found; empty if it runs elsewhere. */
  readonly server: ReadonlySet<number> | undefined;
}

type Processes = ReadonlyMap<number, ProcessTimes>;

/**
 * Finds them by the endpoint's port: the processes that listen on it, their parents within the process group, and all descendants
 * of those. If this process was started by a Sweepline command, that command also started the server's other roles.
 */
export function ownProcesses(baseUrl: string, all: Processes = allProcesses()): OwnProcesses {
  const sweepline = isLoadOfParent() ? [ppid] : [];
  const client = new Set([ownPid, ...sweepline]);
  const url = new URL(baseUrl);
  if (!isThisMachine(url.hostname)) return { client, server: new Set() };
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const ancestors = new Set([ownPid, ...ancestorsOf(ownPid, all)]);
  const listeners = listenersOn(port).filter((pid) => pid !== ownPid);
  if (listeners.length === 0) return { client, server: undefined };
  const tops = listeners.map((pid) => topOf(pid, all, ancestors));
  const server = descendantsOf([...tops, ...sweepline], all);
  for (const pid of client) server.delete(pid);
  return { client, server };
}

/** Whether this process is `sweepline load`, started by another command of the same program. */
function isLoadOfParent(): boolean {
  const [, program, command] = argv;
  return program !== undefined && command === 'load' && argumentsOf(ppid).includes(program);
}

function isThisMachine(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || name === hostname() || name === '::1' || name.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === name),
  );
}

function ancestorsOf(pid: number, all: Processes): readonly number[] {
  const found: number[] = [];
  for (let at = all.get(pid)?.parent ?? 0; at > 0 && !found.includes(at); at = all.get(at)?.parent ?? 0)
    found.push(at);
  return found;
}

/**
 * Its topmost ancestor in the same process group that isn't also an ancestor of the client: such an ancestor is a script that
 * starts everything.
 */
function topOf(pid: number, all: Processes, ancestors: ReadonlySet<number>): number {
  let top = all.get(pid);
  for (;;) {
    const parent = all.get(top?.parent ?? 0);
    if (top === undefined || parent === undefined || parent.pid <= 1) return top?.pid ?? pid;
    if (parent.group !== top.group || ancestors.has(parent.pid)) return top.pid;
    top = parent;
  }
}

/** Includes the given ones. */
function descendantsOf(roots: readonly number[], all: Processes): Set<number> {
  const family = new Set(roots);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of all.values()) if (family.has(parent)) family.add(pid);
  }
  return family;
}
