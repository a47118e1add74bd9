import { randomBytes } from 'node:crypto';
import { closeSync, createReadStream, createWriteStream, openSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { SweeplineError, messageOf } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import type { Executor, Output, ProcessHandle, ProcessSpec } from '../plugin/node.js';
import { isGroupAlive } from './family.js';
import { readRange } from './files.js';
import { followByReading } from './follow.js';
import type { Guardian } from './guardian.js';
import { askHttp } from './ask-http.js';
import { isListenedBy } from './listeners.js';
import { createLocalProcess } from './local-process.js';
import { markedWith, newToken } from './marker.js';
import { findProcess, type ProcessId } from './process-table.js';

const LOOPBACK = '127.0.0.1';
/** Random bytes in the mark that distinguishes executors of a session. */
const EXECUTOR_BYTES = 4;
/** Mode of logs: they may hold secrets until these are masked. */
const PRIVATE = 0o600;
/** Milliseconds that a connection on this machine may take. */
const CONNECT_MS = 2_000;

export interface LocalNode {
  /** By default this machine's name. */
  readonly name?: string;
  /** An address of this machine; by default 127.0.0.1. */
  readonly host?: string;
  /** By default the folder that Sweepline was started in. */
  readonly workDir?: string;
  /** False for what only stands for another machine. */
  readonly isHere?: boolean;
  /** The token of all that is started. */
  readonly session?: string;
  /** What is started is entrusted to it. */
  readonly guardian?: Guardian;
}

/** Runs processes and keeps files on this machine. */
export function createLocalExecutor({
  name = hostname(),
  host = LOOPBACK,
  workDir = process.cwd(),
  isHere = true,
  session = newToken(),
  guardian,
}: LocalNode = {}): Executor {
  let started = 0;
  const leaders: ProcessId[] = [];
  // Several executors of a session may be on one machine: none may end what another has started.
  const own = `${session}.${randomBytes(EXECUTOR_BYTES).toString('hex')}`;
  const nextToken = (): string => `${own}.${(started += 1)}`;
  return {
    node: { name, host, isHere },
    workDir,
    async spawn(spec, signal) {
      const { leader, handle } = await spawnLocal({ cwd: workDir, ...spec }, signal, nextToken(), guardian);
      leaders.push(leader);
      return handle;
    },
    run: (spec, signal) => runLocal({ cwd: workDir, ...spec }, signal, nextToken()),
    async copyIn(content, path, mode) {
      await makeFolder(dirname(path));
      await pipeline(content, createWriteStream(path, { mode }));
      // The mode of a stream counts for new files alone.
      if (mode !== undefined) await chmod(path, mode);
    },
    copyOut: (path) => createReadStream(path),
    read: readRange,
    follow: (path, signal) => followByReading((range) => readRange(path, range), signal),
    freePort: () => freePort(host),
    portInUse: (port) => accepts(host, port),
    http: askHttp,
    isOurs: (port) => Promise.resolve(isListenedBy({ leaders, token: session }, host, port)),
  };
}

async function spawnLocal(
  spec: ProcessSpec,
  signal: AbortSignal,
  token: string,
  guardian: Guardian | undefined,
): Promise<{ readonly leader: ProcessId; readonly handle: ProcessHandle }> {
  refuseContainer(spec);
  signal.throwIfAborted();
  if (spec.log !== undefined) await makeFolder(dirname(spec.log));
  const log = spec.log === undefined ? undefined : openSync(spec.log, 'a', PRIVATE);
  // The child writes to the file by itself. (execa takes any descriptor; its types know those up to 9.)
  const output = (log ?? 'pipe') as 3 | 'pipe';
  try {
    const [file, ...args] = argvOf(spec);
    const child = execa(file, args, {
      env: environmentOf(spec, token),
      cwd: spec.cwd,
      // A group of its own: a Ctrl-C in the terminal reaches only Sweepline, which then stops processes in order.
      detached: true,
      // A pipe nobody writes to: it closes when Sweepline dies, which processes that watch it take as their end.
      stdin: 'pipe',
      stdout: output,
      stderr: output,
      buffer: false,
      reject: false,
    });
    child.stdin.on('error', () => {}); // the child may end first
    if (child.pid === undefined) throw spawnFailed(file, (await child).cause);
    const exited = child.then(({ exitCode, signal: by }) => ({ code: exitCode, signal: by }));
    // Found in the same turn of the event loop: it is there, if only as what has ended.
    const leader = findProcess(child.pid) ?? { pid: child.pid, start: '' };
    guardian?.watch(leader);
    const strikeOut = (): void => {
      if (guardian !== undefined && !isGroupAlive(leader)) guardian.ended(leader);
    };
    void exited.then(strikeOut);
    const handle = createLocalProcess({
      name: file,
      family: { leaders: [leader], token },
      stdout: child.stdout,
      stderr: child.stderr,
      exited,
      onStopped: strikeOut,
    });
    return { leader, handle };
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

async function runLocal(spec: ProcessSpec, signal: AbortSignal, token: string): Promise<Output> {
  refuseContainer(spec);
  const [file, ...args] = argvOf(spec);
  const result = await execa(file, args, {
    env: environmentOf(spec, token),
    cwd: spec.cwd,
    cancelSignal: signal,
    stdin: 'ignore',
    reject: false,
  });
  if (result.exitCode === undefined && result.signal === undefined) throw spawnFailed(file, result.cause);
  return {
    exit: { code: result.exitCode, signal: result.signal },
    stdout: result.stdout,
    stderr: result.stderr,
  };
}

/** What is changed of this process's environment. */
function environmentOf({ env, withoutEnv = [] }: ProcessSpec, token: string): NodeJS.ProcessEnv {
  const withheld = Object.fromEntries(withoutEnv.map((name) => [name, undefined]));
  return { ...withheld, ...env, ...markedWith(token) };
}

function argvOf({ argv }: ProcessSpec): [string, ...string[]] {
  const [file, ...args] = argv;
  if (file === undefined)
    throw new SweeplineError('PLAN_INVALID', 'a process of the launch plan has an empty argv');
  return [file, ...args];
}

/** A program that can't be started, with what to do about it. */
function spawnFailed(file: string, cause: unknown): SweeplineError {
  const missing = (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  return new SweeplineError('SERVER_SPAWN_FAILED', `can't start ${file}: ${messageOf(cause)}`, {
    hint: missing
      ? `Install ${file}, or correct its path in the config.`
      : 'Check that the file is executable.',
    cause,
  });
}

/** Better than to run on the host what was meant for an image. */
function refuseContainer({ container, argv }: ProcessSpec): void {
  if (container === undefined) return;
  const what =
    'image' in container ? `a container of ${container.image}` : `the container of ${container.sameAs}`;
  throw new SweeplineError(
    'PLAN_UNSUPPORTED',
    `${argv[0] ?? 'it'} runs in ${what}, which this launcher can't start`,
    {
      hint: 'Give the runner a launcher for containers under `runners:` in configs/sweepline.yaml.',
    },
  );
}

/** Listens for a moment to be given one. */
function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Whether a connection is accepted. Nothing listens meanwhile: a server that starts must find its port free. */
function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const settle = (isAccepted: boolean): void => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket.setTimeout(CONNECT_MS, () => settle(true));
    // Where nobody listens, a connection may be given the same port and meet itself.
    socket.once('connect', () => settle(socket.localPort !== port || socket.localAddress !== host));
    socket.once('error', () => settle(false));
  });
}
