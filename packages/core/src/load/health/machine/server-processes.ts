import { hostname, networkInterfaces } from 'node:os';
import { pid as ownPid, ppid, argv } from 'node:process';
import { allProcesses, argumentsOf, listenersOn, type ProcessTimes } from './proc.js';

/** Which processes of the machine belong to the measurement. */
export interface OwnProcesses {
  /** The client, and what started it. */
  readonly client: ReadonlySet<number>;
  /** The server under test; undefined where it runs on this machine, or may, and was not found. Empty: it runs elsewhere. */
  readonly server: ReadonlySet<number> | undefined;
}

type Processes = ReadonlyMap<number, ProcessTimes>;

/**
 * Finds them by the port of the endpoint: what listens there, what started that within its process group, and all that those started.
 * A Sweepline that started this process started the other roles of a server as well.
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

/** The first process of its group that started it, short of one that started the client as well: a script that runs everything. */
function topOf(pid: number, all: Processes, ancestors: ReadonlySet<number>): number {
  let top = all.get(pid);
  for (;;) {
    const parent = all.get(top?.parent ?? 0);
    if (top === undefined || parent === undefined || parent.pid <= 1) return top?.pid ?? pid;
    if (parent.group !== top.group || ancestors.has(parent.pid)) return top.pid;
    top = parent;
  }
}

/** With those given. */
function descendantsOf(roots: readonly number[], all: Processes): Set<number> {
  const family = new Set(roots);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of all.values()) if (family.has(parent)) family.add(pid);
  }
  return family;
}
