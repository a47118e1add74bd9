import { join } from 'node:path';
import { messageOf } from '../errors.js';
import type { Executor } from '../plugin/node.js';
import type { PlacedProcess } from '../plan/layout.js';

const MIB = 1024 * 1024;
/** Bytes of a log that are read: engines print their settings when they start, and their errors when they end. */
export const LOG_HEAD_BYTES = 4 * MIB;
export const LOG_TAIL_BYTES = MIB;
/** Bytes of a log's end in which the reason of a death is looked for. */
const DEATH_BYTES = 64 * 1024;
/** Bytes that a search reads at a time. */
const SEARCH_BYTES = MIB;

/** What one process of a server wrote. */
export interface ProcessLog {
  readonly role: string;
  readonly replica: number;
  /** Number among the processes of its replica. */
  readonly rank: number;
  /** Name of the file in the work folder. */
  readonly file: string;
  /** The log; of one longer than 5 MiB the beginning and the end, with a line between them that says so. */
  readonly text?: string;
  /** Why it could not be read. */
  readonly problem?: string;
}

/** A process's log in the work folder. */
export function logFileOf({ role, replica, rank }: PlacedProcess): string {
  return `${role.name}-${replica}${rank === 0 ? '' : `-rank${rank}`}.log`;
}

/** Reads the log of a process that was started. Never throws: a log that can't be read says why. */
export async function readProcessLog(
  process: PlacedProcess,
  executor: Executor,
  workDir: string,
): Promise<ProcessLog> {
  const { role, replica, rank } = process;
  const file = logFileOf(process);
  const log = { role: role.name, replica, rank, file };
  try {
    return { ...log, text: await headAndTail(executor, join(workDir, file)) };
  } catch (thrown) {
    return { ...log, problem: messageOf(thrown) };
  }
}

async function headAndTail(executor: Executor, path: string): Promise<string> {
  const read = async (from: number, length: number): Promise<Buffer> =>
    Buffer.from(await executor.read(path, { from, length }));
  const head = await read(0, LOG_HEAD_BYTES);
  if (head.length < LOG_HEAD_BYTES) return head.toString();
  const rest = await read(LOG_HEAD_BYTES, LOG_TAIL_BYTES + 1);
  if (rest.length <= LOG_TAIL_BYTES) return Buffer.concat([head, rest]).toString();
  const tail = await read(-LOG_TAIL_BYTES, LOG_TAIL_BYTES);
  return `${wholeLines(head, 'first')}[… the middle of this log is left out here …]\n${wholeLines(tail, 'last')}`;
}

/** Without the line that the cut went through, unless there is no other. */
function wholeLines(bytes: Buffer, which: 'first' | 'last'): string {
  const text = bytes.toString();
  if (which === 'first') return text.slice(0, text.lastIndexOf('\n') + 1 || text.length);
  return text.slice(text.indexOf('\n') + 1);
}

/** The end of a log, for the message of a process that died; empty where it can't be read. */
export async function endOfLog(executor: Executor, path: string): Promise<string> {
  const bytes = await executor.read(path, { from: -DEATH_BYTES, length: DEATH_BYTES }).catch(() => undefined);
  return bytes === undefined ? '' : Buffer.from(bytes).toString().trim();
}

/** Asks whether a growing log holds a text yet. Each question reads only what was written since the one before. */
export function searchLog(executor: Executor, path: string, text: string): () => Promise<boolean> {
  const wanted = Buffer.from(text);
  const length = Math.max(SEARCH_BYTES, 2 * wanted.length);
  let from = 0;
  return async () => {
    for (;;) {
      const bytes = Buffer.from(await executor.read(path, { from, length }));
      if (bytes.includes(wanted)) return true;
      // What was read may end with the text's beginning.
      from += Math.max(0, bytes.length - wanted.length + 1);
      if (bytes.length < length) return false;
    }
  };
}
