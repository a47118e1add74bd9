import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SweeplineError, z, type CommandContext } from '@sweepline/core';
import { childEnvironment } from './environment.js';

const manifest = z.object({ bin: z.object({ sweepline: z.string() }) });

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
}

/**
 * Runs a command of Sweepline in the workspace, as a process of its own without what GitHub's runner gives its jobs. It is ended with
 * this one.
 * @param input what it reads on stdin
 */
export async function runSweepline(
  { root, signal, terminal }: Pick<CommandContext, 'root' | 'signal' | 'terminal'>,
  args: readonly string[],
  input = '',
): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [await mainFile(), ...args], {
    cwd: root,
    env: childEnvironment(process.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  try {
    // A process that ends before it has read all says itself why.
    child.stdin.on('error', () => {}).end(input);
    child.stderr.setEncoding('utf8').on('data', (said: string) => terminal.stderr(said));
    const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
    signal.throwIfAborted();
    // A process that was killed has none.
    return { exitCode: child.exitCode ?? 1, stdout };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** @throws {SweeplineError} JOB_FAILED if it ends with another exit code than these */
export async function sweeplineAnswer(
  context: Pick<CommandContext, 'root' | 'signal' | 'terminal'>,
  args: readonly string[],
  accepted: readonly number[] = [0],
): Promise<Ended> {
  const ended = await runSweepline(context, args);
  if (!accepted.includes(ended.exitCode))
    throw new SweeplineError(
      'JOB_FAILED',
      `sweepline ${args[0] ?? ''} ended with exit code ${ended.exitCode}`,
    );
  return ended;
}

async function mainFile(): Promise<string> {
  const file = createRequire(import.meta.url).resolve('@sweepline/core/package.json');
  const { bin } = manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  return join(dirname(file), bin.sweepline);
}
