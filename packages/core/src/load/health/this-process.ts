import { fstatSync } from 'node:fs';

/** CPU seconds (user + system) that this process has used so far. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Whether stdin is a pipe, which closes when the parent of this process dies. Node gives child processes a socket, a shell gives
 * them a FIFO.
 */
export function stdinIsPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}
