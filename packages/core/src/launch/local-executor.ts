import { closeSync, openSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { SweeplineError, messageOf } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import type { ByteRange, Executor, Output, ProcessHandle, ProcessSpec } from '../plugin/node.js';
import { isGroupAlive } from './family.js';
import type { Guardian } from './guardian.js';
import { createLocalProcess } from './local-process.js';
import { markedWith, newToken } from './marker.js';
import { findProcess } from './process-table.js';

const LOOPBACK = '127.0.0.1';
/** Mode of logs: they may hold secrets until these are masked. */
const PRIVATE = 0o600;

/**
 * Runs processes and keeps files on this machine. What it starts is entrusted to the guardian, if there is one.
 * @param session the token of all that is started
 */
export function createLocalExecutor(session = newToken(), guardian?: Guardian): Executor {
  let started = 0;
  const nextToken = (): string => `${session}.${(started += 1)}`;
  return {
    node: { name: hostname(), host: LOOPBACK },
    spawn: (spec, signal) => spawnLocal(spec, signal, nextToken(), guardian),
    run: (spec, signal) => runLocal(spec, signal, nextToken()),
    async put(path, content) {
      await makeFolder(dirname(path));
      await writeFile(path, content);
    },
    get: (path) => readFile(path),
    read: readRange,
    freePort: async () => (await tryListen(0)) ?? Promise.reject(new Error('the system has no free port')),
    portInUse: async (port) => (await tryListen(port)) === undefined,
  };
}

async function spawnLocal(
  spec: ProcessSpec,
  signal: AbortSignal,
  token: string,
  guardian: Guardian | undefined,
): Promise<ProcessHandle> {
  signal.throwIfAborted();
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
    return createLocalProcess({
      name: file,
      family: { leaders: [leader], token },
      stdout: child.stdout,
      stderr: child.stderr,
      exited,
      onStopped: strikeOut,
    });
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

async function readRange(path: string, { from, length }: ByteRange): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const begin = from < 0 ? Math.max(0, size + from) : from;
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - begin)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, begin + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

async function runLocal(spec: ProcessSpec, signal: AbortSignal, token: string): Promise<Output> {
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

/** Listens for a moment; the port it got, or undefined when it is taken. */
function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
