import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import type { Exit, ProcessHandle } from '../plugin/node.js';

const ERROR_TAIL_CHARS = 4000;
/** Milliseconds between looks at whether a killed group is gone. */
const GONE_POLL_MS = 5;
/** Milliseconds after which what was killed is left: a zombie nobody reaps, or a process stuck in a driver. */
const KILL_WAIT_MS = 10_000;

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

/**
 * Ends the whole group, also what outlived its leader, and the groups of descendants that made their own; resolves when
 * none of it is left.
 */
async function stopGroup(pid: number, exited: Promise<Exit>, graceMs: number): Promise<Exit> {
  const groups = [pid, ...(await descendantGroups(pid))];
  for (const group of groups) signalGroup(group, 'SIGTERM');
  await within(graceMs, exited);
  const deadline = performance.now() + KILL_WAIT_MS;
  for (const group of groups) {
    while (signalGroup(group, 'SIGKILL') && performance.now() < deadline) await delay(GONE_POLL_MS);
  }
  return (await within(KILL_WAIT_MS, exited)) ?? { code: undefined, signal: 'SIGKILL' };
}

/** Groups other than its own that a process's descendants are in; none where there is no `ps`. */
async function descendantGroups(leader: number): Promise<readonly number[]> {
  const listed = await execa('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { reject: false });
  const rows = listed.failed
    ? []
    : listed.stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([leader]);
  const groups = new Set<number>();
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const [pid = 0, parent = 0, group = 0] of rows) {
      if (!family.has(parent)) continue;
      family.add(pid);
      if (group !== leader) groups.add(group);
    }
  }
  return [...groups];
}

/** What a promise gives, or undefined when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  const timeout = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  return Promise.race([promise, timeout]).finally(() => timer.abort());
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
