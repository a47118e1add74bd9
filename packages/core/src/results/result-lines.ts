import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SweeplineError } from '../errors.js';
import { checksum } from './checksum.js';
import { sizesOf } from './is-there.js';
import { readPoints, type FoundPoint, type StoredPoints } from './read-points.js';
import { LINES_FILE, POINTS, RESULT_FILE } from './run-folder.js';
import { resultSchema, type Result } from './schema.js';
import { checked } from './stored-json.js';
import { wholeLines } from './whole-lines.js';
import { appendWhole, toJson, writeAtomic, writing } from './write.js';

/** A line of `results.ndjson`: one per point, appended when it has ended, with the content of the point's result.json. */
export const resultLineSchema = z.object({
  v: z.literal(1).describe('Version of the line; that of the result is in `result.schema`.'),
  folder: z.string().describe("The point's folder, relative to the run's: points/<name>."),
  result: resultSchema.describe('The content of its result.json.'),
});

/** A point and its folder. */
export interface ResultLine {
  /** Relative to the run's folder, with slashes. */
  readonly folder: string;
  readonly result: Result;
}

export interface ResultLines {
  /** One per point that has ended, in the order in which they ended. */
  readonly lines: readonly ResultLine[];
  /** Entries in `points/` that are not results, or can't be read. */
  readonly problems: readonly SweeplineError[];
}

/** Appends a point's line durably. The remains of a failed append become a line of their own, which readers skip. */
export function appendResultLine(run: string, result: Result): Promise<void> {
  return appendResultLines(run, [result]);
}

/** The same for several points, by one write. */
export function appendResultLines(run: string, results: readonly Result[]): Promise<void> {
  const lines = results.map((result) => lineOf({ name: result.name, result }));
  return appendWhole(join(run, LINES_FILE), lines.join(''));
}

/** By which a point's result is known to be as it was saved, without reading it. */
export interface Seal {
  /** Size of its result.json. */
  readonly bytes: number;
  /** Checksum of its line, without the end of the line. */
  readonly line: string;
}

export function sealOf(result: Result): Seal {
  const line = lineOf({ name: result.name, result }).slice(0, -1);
  return { bytes: Buffer.byteLength(toJson(result)), line: checksum(line) };
}

/**
 * All points of a run in one read. Their folders are authoritative: points without a complete line (results.ndjson is missing or
 * cut off, or a crash came in between) are read from their folders, and lines without a folder are left out. Nothing is written.
 */
export async function readResultLines(run: string): Promise<ResultLines> {
  return linesOf(await readPoints(run, await readLines(run)));
}

/**
 * Rebuilds results.ndjson from the points' folders. Not for a run that is being measured.
 * @param known results that needn't be read again, by the name of their folder in `points/`
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function rebuildResultLines(
  run: string,
  known: ReadonlyMap<string, Result> = new Map(),
): Promise<ResultLines> {
  const points = await readPoints(run, known);
  const text = inOrder(points.found).map(lineOf).join('');
  await writing(run, () => writeAtomic(join(run, LINES_FILE), text));
  return linesOf(points);
}

/** Lines that have their seals. */
export interface SealedLines {
  /** Of their points. */
  readonly names: ReadonlySet<string>;
  /** Whether results.ndjson has these lines and no others. */
  readonly isAll: boolean;
  /** By name. */
  results(): ReadonlyMap<string, Result>;
}

/**
 * Points whose lines are as they were written, and whose result.json has its size: a run of thousands of points is known without the
 * content of their results.
 * @param sealed by the name of the point
 */
export async function sealedLines(
  run: string,
  sealed: ReadonlyMap<string, { readonly seal: Seal }>,
): Promise<SealedLines> {
  const points = join(run, POINTS);
  const files = [...sealed.keys()].map((name) => `${points}/${name}/${RESULT_FILE}`);
  // While they are looked for, the lines are read.
  const sizesThen = sizesOf(files);
  const lines = await readFile(join(run, LINES_FILE)).catch(() => Buffer.alloc(0));
  const found = new Map<string, Buffer>();
  let count = 0;
  for (const line of wholeLines(lines)) {
    count += 1;
    const name = nameIn(line);
    if (sealed.get(name)?.seal.line === checksum(line)) found.set(name, line);
  }
  const sizes = await sizesThen;
  const whole = new Set<string>();
  [...sealed].forEach(([name, { seal }], index) => {
    if (found.has(name) && sizes[index] === seal.bytes) whole.add(name);
  });
  return {
    names: whole,
    isAll: whole.size === count,
    results: () =>
      new Map([...found].flatMap(([name, line]) => (whole.has(name) ? [[name, resultIn(line)]] : []))),
  };
}

/** Its folder comes first in a line, and is named after the point. */
const NAME = /^\{"v":1,"folder":"points\/([^"\\]+)"/;
/** The longest name of a folder, and what is before it. */
const NAME_BYTES = 300;

/** Empty if there is none. */
function nameIn(line: Buffer): string {
  return NAME.exec(line.toString('utf8', 0, NAME_BYTES))?.[1] ?? '';
}

function resultIn(line: Buffer): Result {
  return (JSON.parse(line.toString()) as ResultLine).result;
}

/** The content of the file, by the name of the point's folder: the last readable line counts. */
async function readLines(run: string): Promise<ReadonlyMap<string, Result>> {
  const found = new Map<string, Result>();
  try {
    await using file = await open(join(run, LINES_FILE));
    for await (const line of file.readLines()) {
      const read = parsed(line);
      const name = read?.result.name ?? '';
      // A line that names another folder doesn't count.
      if (read?.folder === folderOf(name)) found.set(name, read.result);
    }
  } catch {
    // The points' folders have the same data.
  }
  return found;
}

/** Undefined for a line that is cut off, damaged or of a later version. */
function parsed(line: string): ResultLine | undefined {
  try {
    return checked(JSON.parse(line), resultLineSchema);
  } catch {
    return undefined;
  }
}

function linesOf({ found, problems }: StoredPoints): ResultLines {
  return {
    lines: inOrder(found).map(({ name, result }) => ({ folder: folderOf(name), result })),
    problems,
  };
}

function inOrder(points: readonly FoundPoint[]): readonly FoundPoint[] {
  return [...points].sort((a, b) => byTime(a.result.finishedAt, b.result.finishedAt));
}

/** ISO 8601 in UTC sorts as text. */
function byTime(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lineOf({ name, result }: FoundPoint): string {
  return `${JSON.stringify({ v: 1, folder: folderOf(name), result })}\n`;
}

/** Always with slashes, as the file is also read on other systems. */
function folderOf(name: string): string {
  return `${POINTS}/${name}`;
}
