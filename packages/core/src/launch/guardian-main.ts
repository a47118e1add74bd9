import { createInterface } from 'node:readline';

/*
 * The guardian's process: reads leaders of process groups from stdin, one a line. `done` before the end means that all
 * is well; an end without it means that Sweepline was killed: then the groups are told to end, and after a grace made to.
 */
const GRACE_MS = 5_000;

const groups: number[] = [];
let done = false;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'done') done = true;
  else groups.push(Number(line));
}
if (!done) {
  signalAll('SIGTERM');
  setTimeout(() => signalAll('SIGKILL'), GRACE_MS);
}

function signalAll(signal: NodeJS.Signals): void {
  for (const leader of groups) {
    try {
      process.kill(-leader, signal);
    } catch {
      // It has ended.
    }
  }
}
