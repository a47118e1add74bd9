import { join } from 'node:path';
import { messageOf } from '../errors.js';
import type { ByteRange, Executor } from '../plugin/node.js';
import { copyHome, readRange } from './files.js';

const MIB = 1024 * 1024;
/** Bytes of a log that are read: engines print their settings when they start, and their errors when they end. */
export const LOG_HEAD_BYTES = 4 * MIB;
export const LOG_TAIL_BYTES = MIB;
/** Bytes of a log's end in which the reason of a death is looked for. */
const DEATH_BYTES = 64 * 1024;

/** Where one process of a server writes. */
export interface ServerLog {
  readonly role: string;
  readonly replica: number;
  /** Number among the processes of its replica. */
  readonly rank: number;
  /** Path below the node's work folder, and below the point's folder here. */
  readonly file: string;
  readonly executor: Executor;
}

/** What one process of a server wrote. */
export interface ProcessLog extends Omit<ServerLog, 'executor'> {
  /** The log; of one longer than 5 MiB the beginning and the end, with a line between them that says so. */
  readonly text?: string;
  /** Why it could not be read. */
  readonly problem?: string;
}

/** The file of a process's log, relative to the work folder. */
export function logFileOf(role: string, replica: number, rank: number | '{rank}'): string {
  return `logs/${role}-${replica}-${rank}.log`;
}

/** Where it is on its node. */
export function pathOf({ executor, file }: ServerLog): string {
  return join(executor.workDir, file);
}

/**
 * Brings the log of a process that was started home, of whatever size, and reads it. Never throws: a log that can't be had says
 * why; what came of it before is kept.
 */
export async function collectLog(log: ServerLog, folder: string): Promise<ProcessLog> {
  const { executor, ...which } = log;
  const copy = join(folder, which.file);
  const problem = await copyHome(executor, pathOf(log), copy).then(
    () => undefined,
    (thrown: unknown) => messageOf(thrown),
  );
  const text = await headAndTail((range) => readRange(copy, range)).catch(() => undefined);
  return { ...which, ...(text !== undefined && { text }), ...(problem !== undefined && { problem }) };
}

async function headAndTail(readPart: (range: ByteRange) => Promise<Uint8Array>): Promise<string> {
  const read = async (from: number, length: number): Promise<Buffer> =>
    Buffer.from(await readPart({ from, length }));
  const head = await read(0, LOG_HEAD_BYTES);
  if (head.length < LOG_HEAD_BYTES) return head.toString();
  const rest = await read(LOG_HEAD_BYTES, LOG_TAIL_BYTES + 1);
  if (rest.length <= LOG_TAIL_BYTES) return Buffer.concat([head, rest]).toString();
  const tail = await read(-LOG_TAIL_BYTES, LOG_TAIL_BYTES);
  return `${wholeLines(head, 'first')}[… the middle of this log is left out …]\n${wholeLines(tail, 'last')}`;
}

/** Without the line that the cut went through, unless there is no other. */
function wholeLines(bytes: Buffer, which: 'first' | 'last'): string {
  const text = bytes.toString();
  if (which === 'first') return text.slice(0, text.lastIndexOf('\n') + 1 || text.length);
  return text.slice(text.indexOf('\n') + 1);
}

/** The end of a log, for the message of a process that died. Rejects where it can't be read. */
export async function endOfLog(log: ServerLog): Promise<string> {
  const bytes = await log.executor.read(pathOf(log), { from: -DEATH_BYTES, length: DEATH_BYTES });
  return Buffer.from(bytes).toString().trim();
}

/** Resolves once a growing log holds a text; never, where it doesn't before the signal is aborted. */
export async function foundInLog(log: ServerLog, text: string, signal: AbortSignal): Promise<boolean> {
  const wanted = Buffer.from(text);
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of log.executor.follow(pathOf(log), signal)) {
    const bytes = Buffer.concat([rest, piece]);
    if (bytes.includes(wanted)) return true;
    // What was read may end with the text's beginning.
    rest = bytes.subarray(Math.max(0, bytes.length - wanted.length + 1));
  }
  return false;
}
