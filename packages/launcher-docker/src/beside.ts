import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, type ProcessHandle, type ProcessSpec } from '@sweepline/core';
import { markedWith, within } from '@sweepline/core/launch';
import { environmentArguments } from './container-arguments.js';
import type { ContainerOptions } from './containers.js';
import { isMissing, type Engine } from './engine.js';

const POLL_MS = 100;
/** Milliseconds after which what was killed is left: a process stuck in a driver. */
const KILL_WAIT_MS = 10_000;

/**
 * Signals the processes of a container that have a text in their environment, and prints how many there were. Works with any sh,
 * because images may have neither ps nor pkill. Runs as the container's user: without all capabilities even root can't read the
 * environment of others' processes.
 */
const SIGNAL_MARKED = `
n=0
for p in /proc/[0-9]*; do
  tr '\\0' '\\n' 2>/dev/null <"$p/environ" | grep -qF "$1" && kill -s "$2" "\${p#/proc/}" 2>/dev/null && n=$((n + 1))
done
echo "$n"`;

/** Lists the open files of all processes of a container. */
const OPEN_FILES = 'ls -l /proc/[0-9]*/fd 2>/dev/null; true';

/**
 * Runs a program in a running container. The program may outlive its client, so it is found by its mark when it has to be stopped.
 */
export async function startBeside(
  spec: ProcessSpec,
  container: string,
  { engine, settings: { cwd }, token, machine }: Omit<ContainerOptions, 'images' | 'onLost'>,
  signal: AbortSignal,
): Promise<ProcessHandle> {
  const { argv, env = {}, log } = spec;
  const mark = `${token}.${randomBytes(8).toString('hex')}`;
  const variables = environmentArguments({ ...env, ...markedWith(mark) });
  const command = engine.argv('exec', '-w', spec.cwd ?? cwd, ...variables.args, container, ...argv);
  const client = await engine.host.spawn(
    { argv: command, env: variables.env, ...(log !== undefined && { log: machine.logFile(log) }) },
    signal,
  );
  return {
    name: argv[0] ?? '',
    exited: client.exited,
    lines: () => client.lines(),
    errorTail: () => client.errorTail(),
    async stop(graceMs) {
      await signalUntilGone(engine, container, mark, 'TERM', graceMs);
      await signalUntilGone(engine, container, mark, 'KILL', KILL_WAIT_MS);
      await within(KILL_WAIT_MS, client.exited);
      return client.stop(0);
    },
  };
}

/** Signals once, and looks until none is left or the time is over. */
async function signalUntilGone(
  engine: Engine,
  container: string,
  mark: string,
  signal: 'TERM' | 'KILL',
  ms: number,
): Promise<void> {
  const deadline = performance.now() + ms;
  let left = await signalMarked(engine, container, mark, signal);
  while (left > 0 && performance.now() < deadline) {
    await delay(POLL_MS);
    left = await signalMarked(engine, container, mark, '0');
  }
}

async function signalMarked(
  engine: Engine,
  container: string,
  mark: string,
  signal: string,
): Promise<number> {
  const args = ['exec', container, 'sh', '-c', SIGNAL_MARKED, 'sh', mark, signal];
  try {
    return Number(await engine.ask(args));
  } catch (error) {
    // Nothing runs in a container that has ended.
    if (isMissing(error) || /is not running|can only create exec sessions on running/i.test(String(error)))
      return 0;
    throw new SweeplineError('JOB_FAILED', `can't end what runs in ${container}: ${String(error)}`, {
      where: { node: engine.host.node.name },
      hint: 'It ends with the container. The image needs sh, tr and grep to end it before.',
      cause: error,
    });
  }
}

/** Whether a process of a container has one of the sockets open; undefined if that can't be found out in its image. */
export async function holdsSocket(
  engine: Engine,
  container: string,
  inodes: ReadonlySet<string>,
): Promise<boolean | undefined> {
  try {
    const files = await engine.ask(['exec', container, 'sh', '-c', OPEN_FILES]);
    return [...files.matchAll(/socket:\[(\d+)\]/g)].some(([, inode = '']) => inodes.has(inode));
  } catch {
    return undefined;
  }
}
