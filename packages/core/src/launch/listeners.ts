import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { familyMembers, type Family } from './family.js';

/** The kernel's files with the TCP sockets of a network namespace. */
export const TCP_TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
/** State of sockets that listen. Source: proc_net_tcp.rst of the Linux kernel. */
const LISTEN = '0A';
const ANY_V4 = '00000000';
const ANY_V6 = '0'.repeat(32);

interface Listener {
  /** Hex digits, as the kernel writes them. */
  readonly address: string;
  readonly inode: string;
}

/**
 * Whether it is a family that a connection to an IPv4 address of this machine reaches. Undefined where that can't be told:
 * nothing listens in this network namespace, or the sockets of a member can't be read.
 */
export function isListenedBy(family: Family, host: string, port: number): boolean | undefined {
  const inodes = socketsReachedAt(host, port);
  if (inodes === undefined) return undefined;
  const found = familyMembers(family)
    .filter(({ alive }) => alive)
    .map(({ pid }) => hasSocket(pid, inodes));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

/**
 * Inodes of the sockets that a connection to an IPv4 address of a machine reaches; undefined where nothing listens.
 * @param tables what that machine's `TCP_TABLES` hold; by default this one's
 */
export function socketsReachedAt(
  host: string,
  port: number,
  tables = TCP_TABLES.map(textOf).join(''),
): ReadonlySet<string> | undefined {
  const listeners = tables.split('\n').flatMap((line) => listenerIn(line, port));
  const exact = listeners.filter(
    ({ address }) => address === hexOf(host) || address.endsWith(`FFFF0000${hexOf(host)}`),
  );
  const anywhere = listeners.filter(({ address }) => address === ANY_V4 || address === ANY_V6);
  // The system gives a connection to the listener whose address says more.
  const reached = exact.length > 0 ? exact : anywhere;
  return reached.length === 0 ? undefined : new Set(reached.map(({ inode }) => inode));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // No Linux, or no IPv6.
  }
}

/** Columns: number, local address, remote address, state, queues, timer, retransmits, user, timeouts, inode. */
function listenerIn(line: string, port: number): readonly Listener[] {
  const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
  const [address = '', hexPort = ''] = local.split(':');
  return state === LISTEN && parseInt(hexPort, 16) === port ? [{ address, inode }] : [];
}

/** An IPv4 address as the kernel writes it on machines whose first byte is the lowest. */
function hexOf(host: string): string {
  const bytes = host.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0').toUpperCase());
  return bytes.reverse().join('');
}

/** Undefined where the process's files can't be read; one that has ended has none. */
function hasSocket(pid: number, inodes: ReadonlySet<string>): boolean | undefined {
  let files: readonly string[];
  try {
    files = readdirSync(`/proc/${pid}/fd`);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : undefined;
  }
  return files.some((file) => {
    try {
      return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1] ?? '');
    } catch {
      return false; // Closed meanwhile.
    }
  });
}
