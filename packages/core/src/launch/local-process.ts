import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exit, ProcessHandle } from '../plugin/node.js';

const ERROR_TAIL_CHARS = 4000;
/** Milliseconds between looks at whether a killed group is gone. */
const GONE_POLL_MS = 5;

/** A started child that leads a process group of its own. */
interface GroupLeader {
  readonly name: string;
  readonly pid: number;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly exited: Promise<Exit>;
}

export function createLocalProcess({ name, pid, stdout, stderr, exited }: GroupLeader): ProcessHandle {
  let errors = '';
  stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-ERROR_TAIL_CHARS);
  });
  return {
    name,
    exited,
    lines: () => linesOf(stdout),
    errorTail: () => errors,
    stop: (graceMs) => stopGroup(pid, exited, graceMs),
  };
}

async function* linesOf(stdout: Readable | null): AsyncIterable<string> {
  if (stdout !== null) yield* createInterface({ input: stdout, crlfDelay: Infinity });
}

/** Ends the whole group, also what outlived its leader; resolves when none of it is left. */
async function stopGroup(pid: number, exited: Promise<Exit>, graceMs: number): Promise<Exit> {
  const timer = new AbortController();
  signalGroup(pid, 'SIGTERM');
  await Promise.race([exited, delay(graceMs, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
  while (signalGroup(pid, 'SIGKILL')) await delay(GONE_POLL_MS);
  return exited;
}

/** Whether there was still something of the group to signal. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
