import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { endFamily } from './family.js';
import { parseProcessId } from './process-table.js';

/*
 * The guardian's process. stdin says what sessions are open, a line each, with the session's token first: `guard`; `watch <pid> <start>` and
 * `ended <pid> <start>` for process groups that live; `run <argv as JSON>` gives a command for the end; `over` means that nothing is left of it.
 * `done` before the end means that all is well. An end without it means that Sweepline was killed: then everything of the sessions is told to end, and
 * after a grace made to, and the commands are run. There are two of these processes: what a command ends may have been ended before.
 */
const GRACE_MS = 5_000;
/** Milliseconds after which it looks once more: what was just being started had no environment of its own yet. */
const SECOND_LOOK_MS = 500;
/** Milliseconds that a command has. */
const COMMAND_MS = 60_000;

const sweepline = process.ppid;
/** nx ends a tree of processes from its leaves upwards, and those above get their signal only once the leaves have ended, or are killed. */
const isOfNx = 'NX_TASK_TARGET_TARGET' in process.env;

// Only what Sweepline says, or its end, ends a guardian.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isOfNx && process.ppid === sweepline) process.kill(sweepline, signal);
  });
}

interface Session {
  /** As text, which tells a process from a later one with its number. */
  readonly leaders: Set<string>;
  readonly commands: string[];
}

const sessions = new Map<string, Session>();
let done = false;
for await (const line of createInterface({ input: process.stdin })) {
  const [, token = '', word, rest = ''] = /^(\S+) (\w+) ?(.*)$/.exec(line) ?? [];
  const session = sessions.get(token);
  if (line === 'done') done = true;
  else if (word === 'guard') sessions.set(token, { leaders: new Set(), commands: [] });
  else if (word === 'over') sessions.delete(token);
  else if (word === 'watch') session?.leaders.add(rest);
  else if (word === 'ended') session?.leaders.delete(rest);
  else if (word === 'run') session?.commands.push(rest);
}
if (!done) {
  // The folder that Sweepline was started in may be gone; programs can't be started from there.
  process.chdir('/');
  await Promise.all([...sessions].map(([token, session]) => endSession(token, session)));
}

async function endSession(token: string, { leaders, commands }: Session): Promise<void> {
  await endFamily({ leaders: [...leaders].map(parseProcessId), token }, GRACE_MS);
  await delay(SECOND_LOOK_MS);
  await endFamily({ leaders: [], token }, GRACE_MS);
  for (const command of commands) await run(JSON.parse(command) as readonly string[]);
}

/**
 * Failures are ignored: nobody is left to report them to. By Node's own means: two guardians start with each sweep, and a package that starts
 * programs takes longer to load than the rest of them.
 */
async function run([file = '', ...args]: readonly string[]): Promise<void> {
  await new Promise<void>((resolve) => {
    spawn(file, args, { stdio: 'ignore', timeout: COMMAND_MS, killSignal: 'SIGKILL' })
      .on('error', () => resolve())
      .on('close', () => resolve());
  });
}
