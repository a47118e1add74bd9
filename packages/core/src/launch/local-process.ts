import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Exit, ProcessHandle } from '../plugin/node.js';
import { createLineQueue, type LineQueue } from './line-queue.js';
import { within } from './within.js';
import { KILL_WAIT_MS, signalFamily, signalUntilGone, type Family } from './family.js';

const ERROR_TAIL_CHARS = 4000;

/** A started child. */
interface Child {
  readonly name: string;
  /** The child, which leads a process group of its own, and what it starts. */
  readonly family: Family;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly exited: Promise<Exit>;
  /** Called when nothing of the family should be left. */
  readonly onStopped: () => void;
}

export function createLocalProcess({
  name,
  family,
  stdout,
  stderr,
  exited,
  onStopped,
}: Child): ProcessHandle {
  const lines = linesOf(stdout);
  let errors = '';
  stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-ERROR_TAIL_CHARS);
  });
  return {
    name,
    exited,
    lines: () => lines.all(),
    errorTail: () => errors,
    stop: (graceMs) => stopFamily(family, exited, graceMs).finally(onStopped),
  };
}

/** Read from the first byte on: execa throws away what nobody reads, and a reader on another machine comes late. */
function linesOf(stdout: Readable | null): LineQueue {
  const lines = createLineQueue();
  if (stdout === null) lines.end();
  else
    createInterface({ input: stdout, crlfDelay: Infinity })
      .on('line', (line) => lines.add([line]))
      .once('close', () => lines.end());
  return lines;
}

/** Ends a process with all that it started, wherever that went; resolves when none of it is left. */
async function stopFamily(family: Family, exited: Promise<Exit>, graceMs: number): Promise<Exit> {
  signalFamily(family, 'SIGTERM');
  await within(graceMs, exited);
  await signalUntilGone(family, 'SIGKILL', KILL_WAIT_MS);
  return (await within(KILL_WAIT_MS, exited)) ?? { code: undefined, signal: 'SIGKILL' };
}
