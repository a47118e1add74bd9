import { spawn } from 'node:child_process';
import type { Exit } from '../../plugin/node.js';
import type { AgentProcess } from './connection.js';

/** Characters of what it writes to stderr that are kept. */
const TAIL_CHARS = 4_000;

/**
 * Starts a program of this machine that leads to an agent: srun, or a client of docker. Its stdin ends with this process.
 * @param signal kills it
 */
export function startPiped(
  [file = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): AgentProcess {
  // A group of its own: a Ctrl-C in the terminal is for Sweepline alone.
  const child = spawn(file, args, { env, detached: true, stdio: 'pipe', ...(signal && { signal }) });
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => (errors = (errors + piece.toString()).slice(-TAIL_CHARS)));
  child.on('error', ({ message }) => (errors += message));
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, by) => resolve({ code: code ?? undefined, signal: by ?? undefined }));
  });
  return {
    ...{ stdin: child.stdin, stdout: child.stdout, exited, errorTail: () => errors },
    kill: () => void child.kill('SIGKILL'),
  };
}
