import { copyFile, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { checksum } from '../results/checksum.js';
import type { Seal } from '../results/result-lines.js';
import type { PointEnd } from '../results/point-end.js';
import { wholeLines } from '../results/whole-lines.js';
import { syncFolder, writing } from '../results/write.js';

export const JOURNAL_FILE = 'journal.ndjson';
const VERSION = 1;

/** What a run's journal says, by its `type`. */
export type JournalEntry =
  /** A process has begun to measure, or goes on where another had ended. */
  | { readonly type: 'run-begun'; readonly pid: number; readonly host: string; readonly points: number }
  /** Digests of the points' plans, by name, as they are measured from now on. */
  | { readonly type: 'planned'; readonly plans: Readonly<Record<string, string>> }
  /** Names in the order in which they are to begin, of points that are measured several times each. */
  | { readonly type: 'shuffled'; readonly seed: string; readonly names: readonly string[] }
  /** Written before anything is asked of a launcher under this token. */
  | {
      readonly type: 'session-begun';
      readonly token: string;
      readonly runner: string;
      readonly launcher: string;
      readonly points: readonly string[];
    }
  /** What the launcher calls what it got. */
  | { readonly type: 'session-handle'; readonly token: string; readonly handle: string }
  /** `left`: something may be left of it. */
  | { readonly type: 'session-ended'; readonly token: string; readonly left: boolean }
  | { readonly type: 'point-begun'; readonly name: string }
  /** Its folder has its name, and all that is made of it is there. */
  | ({ readonly type: 'point-ended'; readonly code?: string; readonly seal?: Seal } & PointEnd)
  /** The node has failed so often that no further session is given it. */
  | { readonly type: 'node-left-out'; readonly node: string; readonly reason: string }
  /** Points that are not measured, as others of their config have failed. */
  | { readonly type: 'points-left-out'; readonly names: readonly string[]; readonly reason: string }
  | { readonly type: 'run-ended'; readonly state: string; readonly reason?: string };

/** An entry as it is stored. */
export type StoredEntry = JournalEntry & {
  readonly v: number;
  /** From 1. */
  readonly seq: number;
  /** UTC, ISO 8601. */
  readonly time: string;
};

/** Entries that must survive a power loss before what follows them may happen. */
const DURABLE: ReadonlySet<JournalEntry['type']> = new Set([
  'run-begun',
  'session-begun',
  'session-handle',
  'point-ended',
  'run-ended',
]);

/** What was done when, in a file that is only appended to: each line has a number and a checksum. */
export interface Journal extends AsyncDisposable {
  /** What it said when it was opened. */
  readonly before: readonly StoredEntry[];
  /** A copy of what was there, if that was damaged before its last line. */
  readonly damaged?: string;
  /** @throws {SweeplineError} RESULT_WRITE_FAILED */
  append(entry: JournalEntry): Promise<void>;
}

/**
 * Opens a run's journal, and makes one where there is none. What a crash left of a last line is cut off; where more is damaged, what
 * follows is kept in a copy.
 * @throws {SweeplineError} RESULT_WRITE_FAILED, also where it can't be read
 */
export async function openJournal(run: string, now: () => Date = () => new Date()): Promise<Journal> {
  const path = join(run, JOURNAL_FILE);
  const { entries: before, bytes, rest, isDamaged } = await writing(path, () => readJournal(run));
  const copy = isDamaged ? `${path}.damaged-${now().getTime()}` : undefined;
  if (copy !== undefined) await writing(copy, () => copyFile(path, copy));
  if (rest > 0) await writing(path, () => truncate(path, bytes));
  const file = await writing(path, () => open(path, 'a'));
  if (bytes === 0) await writing(run, () => syncFolder(run));
  let seq = before.at(-1)?.seq ?? 0;
  let last: Promise<void> = Promise.resolve();
  const write = async (entry: JournalEntry): Promise<void> => {
    const line = encode({ v: VERSION, seq: (seq += 1), time: now().toISOString(), ...entry });
    await file.appendFile(line);
    if (DURABLE.has(entry.type)) await file.datasync();
  };
  return {
    before,
    ...(copy !== undefined && { damaged: copy }),
    append(entry) {
      // In their order, and none after one that failed: its line may be cut off.
      const written = last.then(() => writing(path, () => write(entry)));
      last = written;
      written.catch(() => {}); // whoever appended it hears of it
      return written;
    },
    async [Symbol.asyncDispose]() {
      await last.catch(() => {});
      await file.close();
    },
  };
}

export interface ReadJournal {
  readonly entries: readonly StoredEntry[];
  /** Bytes of the whole lines. */
  readonly bytes: number;
  /** Bytes after them. */
  readonly rest: number;
  /** Whether they are more than a last line that was not finished. */
  readonly isDamaged: boolean;
}

/** Reads a run's journal as far as it is whole: none is an empty one. Types that this version doesn't know are kept. */
export async function readJournal(run: string): Promise<ReadJournal> {
  const path = join(run, JOURNAL_FILE);
  const text = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const entries: StoredEntry[] = [];
  let bytes = 0;
  for (const line of wholeLines(text)) {
    const entry = decode(line);
    if (entry?.seq !== entries.length + 1) break;
    entries.push(entry);
    bytes += line.length + 1;
  }
  return { entries, bytes, rest: text.length - bytes, isDamaged: hasEntryAfter(text, bytes) };
}

/** Tokens of sessions of which nothing is left, by a run's journal: their files needn't be read. */
export function endedSessions(entries: readonly StoredEntry[]): ReadonlySet<string> {
  const ended = new Set<string>();
  for (const entry of entries) if (entry.type === 'session-ended' && !entry.left) ended.add(entry.token);
  return ended;
}

/** The same of a run whose journal is not open. */
export async function readEndedSessions(run: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(run, JOURNAL_FILE)).catch(() => Buffer.alloc(0));
  const lines = [...wholeLines(text)].filter((line) => line.includes('"type":"session-ended"'));
  return endedSessions(lines.flatMap((line) => decode(line) ?? []));
}

/** Whether a line is whole after one that isn't. */
function hasEntryAfter(text: Buffer, from: number): boolean {
  const [, ...lines] = wholeLines(text.subarray(from));
  return lines.some((line) => decode(line) !== undefined);
}

/** A line's JSON ends with the checksum of itself without it. */
const CRC = ',"crc":"';
const CRC_DIGITS = 8;

function encode(entry: StoredEntry): string {
  const text = JSON.stringify(entry);
  return `${text.slice(0, -1)}${CRC}${checksum(text)}"}\n`;
}

function decode(line: Buffer): StoredEntry | undefined {
  const at = line.length - (CRC.length + CRC_DIGITS + '"}'.length);
  if (at < 1) return undefined;
  const content = line.subarray(0, at);
  if (line.toString('latin1', at) !== `${CRC}${checksum(content, '}')}"}`) return undefined;
  try {
    return entryOf(JSON.parse(`${content.toString()}}`) as Partial<StoredEntry> | null);
  } catch {
    return undefined;
  }
}

/** Types that this version doesn't know are entries as well. */
function entryOf(value: Partial<StoredEntry> | null): StoredEntry | undefined {
  const { v, seq, time, type } = value ?? {};
  const isEntry = isPositive(v) && isPositive(seq) && typeof time === 'string' && typeof type === 'string';
  return isEntry ? (value as StoredEntry) : undefined;
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
