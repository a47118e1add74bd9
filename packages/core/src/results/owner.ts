import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Owner } from './run-schema.js';

/** Whether a process still exists, as far as this one can see. */
export type Presence = 'here' | 'gone' | 'unknown';

export async function thisProcess(): Promise<Owner> {
  const [kernel, start, machine] = [await kernelId(), await startOf(process.pid), await machineId()];
  return {
    pid: process.pid,
    host: hostname(),
    ...(kernel === undefined ? {} : { kernel }),
    ...(start === undefined ? {} : { start }),
    ...(machine === undefined ? {} : { machine }),
  };
}

export async function presenceOf({ pid, host, kernel, start, machine }: Owner): Promise<Presence> {
  const now = await kernelId();
  if (host !== hostname() || kernel === undefined || now === undefined || start === undefined)
    return 'unknown';
  if (kernel === now) return (await startOf(pid)) === start ? 'here' : 'gone';
  const isEarlierBoot =
    bootOf(kernel) !== bootOf(now) && machine !== undefined && machine === (await machineId());
  // Otherwise it may be in another container.
  return isEarlierBoot ? 'gone' : 'unknown';
}

function bootOf(kernel: string): string | undefined {
  return kernel.split(' ')[0];
}

/** machine-id(5) asks not to pass the id itself on. */
async function machineId(): Promise<string | undefined> {
  const id = (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim();
  return id === '' ? undefined : createHash('sha256').update(`sweepline ${id}`).digest('hex').slice(0, 16);
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
