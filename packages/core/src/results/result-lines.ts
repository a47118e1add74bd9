import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SweeplineError } from '../errors.js';
import { readPoints, type FoundPoint, type StoredPoints } from './read-points.js';
import { LINES_FILE, POINTS, RESULT_FILE } from './run-folder.js';
import { resultSchema, type Result } from './schema.js';
import { checked } from './stored-json.js';
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
export function appendResultLine(run: string, name: string, result: Result): Promise<void> {
  return appendWhole(join(run, LINES_FILE), lineOf({ name, result }));
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

/**
 * Results by their lines, where nothing speaks against them: the files in their folders are as long as they should be.
 * @param isSettled whether a point is known to have been saved
 */
export async function settledResults(
  run: string,
  isSettled: (name: string) => boolean,
): Promise<ReadonlyMap<string, Result>> {
  const lines = [...(await readLines(run))].filter(([name]) => isSettled(name));
  const isThere = async ([name, result]: readonly [string, Result]): Promise<boolean> => {
    const file = await stat(join(run, POINTS, name, RESULT_FILE)).catch(() => undefined);
    return file?.size === Buffer.byteLength(toJson(result));
  };
  const found = await Promise.all(lines.map(isThere));
  return new Map(lines.filter((_, index) => found[index]));
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
  return [...points].sort((a, b) => a.result.finishedAt.localeCompare(b.result.finishedAt));
}

function lineOf({ name, result }: FoundPoint): string {
  return `${JSON.stringify({ v: 1, folder: folderOf(name), result })}\n`;
}

/** Always with slashes, as the file is also read on other systems. */
function folderOf(name: string): string {
  return `${POINTS}/${name}`;
}
