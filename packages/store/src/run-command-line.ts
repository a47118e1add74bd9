import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { CommandContext } from '@sweepline/core';
import { commandLineFile } from './installed.js';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
}

export interface RunOptions {
  /** What it reads on stdin. */
  readonly input?: string;
  /** Called with what it says on stderr. */
  readonly onStderr?: (said: string) => void;
}

/** Runs a command of Sweepline in a process of its own, in the workspace. It is ended with this one. */
export async function runSweepline(
  { root, signal }: Pick<CommandContext, 'root' | 'signal'>,
  args: readonly string[],
  { input, onStderr }: RunOptions = {},
): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [await commandLineFile(), ...args], {
    cwd: root,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  try {
    // A process that ends before it has read all says itself why.
    child.stdin?.on('error', () => {}).end(input);
    child.stderr?.setEncoding('utf8').on('data', (said: string) => onStderr?.(said));
    const [stdout, [code]] = await Promise.all([
      child.stdout === null ? '' : text(child.stdout),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    signal.throwIfAborted();
    return { exitCode: code ?? 1, stdout };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
