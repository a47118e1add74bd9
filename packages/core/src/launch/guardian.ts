import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('guardian-main.js', import.meta.url));

/** Ends processes that outlive Sweepline, should it be killed: not every server notices that its parent is gone. */
export interface Guardian {
  /** Entrusts the process group that a process leads. */
  watch(pid: number): void;
  /** Everything has ended in order, there is nothing left to guard; resolves when it has ended, too. */
  close(): Promise<void>;
}

/** Starts the guardian, a process of its own that a Ctrl-C in the terminal doesn't reach. */
export function startGuardian(): Guardian {
  const child = spawn(process.execPath, [MAIN], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without it the sweep is as good; only a kill of Sweepline itself would leave servers behind.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    watch: (pid) => void child.stdin.write(`${pid}\n`),
    close() {
      child.ref();
      child.stdin.end('done\n');
      return ended;
    },
  };
}
