import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Owner } from './run-schema.js';

/** Whether a process still exists, as far as this one can see. */
export type Presence = 'here' | 'gone' | 'unknown';

export async function thisProcess(): Promise<Owner> {
  const [kernel, start] = [await kernelId(), await startOf(process.pid)];
  return {
    pid: process.pid,
    host: hostname(),
    ...(kernel === undefined ? {} : { kernel }),
    ...(start === undefined ? {} : { start }),
  };
}

export async function presenceOf({ pid, host, kernel, start }: Owner): Promise<Presence> {
  if (host !== hostname() || kernel === undefined || start === undefined) return 'unknown';
  if (kernel === (await kernelId())) return (await startOf(pid)) === start ? 'here' : 'gone';
  // It is from another boot of this machine, or from another container.
  return 'unknown';
}

async function kernelId(): Promise<string | undefined> {
  const parts = [readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readlink('/proc/self/ns/pid')];
  const [boot, namespace] = await Promise.all(parts.map((part) => part.catch(() => undefined)));
  return boot === undefined || namespace === undefined ? undefined : `${boot.trim()} ${namespace}`;
}

/** Field 22 of /proc/PID/stat (proc(5)); the command before it may contain spaces and brackets. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  // A zombie has ended.
  return state === 'Z' || state === '' ? undefined : fields[19];
}
