import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SweeplineError } from '../errors.js';
import { readPoints, type FoundPoint, type StoredPoints } from './read-points.js';
import { LINES_FILE, POINTS } from './run-folder.js';
import { resultSchema, type Result } from './schema.js';
import { checked } from './stored-json.js';
import { appendWhole, writeAtomic, writing } from './write.js';

/** A line of `results.ndjson`. There is one per point, appended when it has ended; what it says, the point's result.json says. */
export const resultLineSchema = z.object({
  v: z.literal(1).describe('Version of the line; that of the result is in `result.schema`.'),
  folder: z.string().describe("The point's folder, relative to the run's: points/<name>."),
  result: resultSchema.describe('The content of its result.json.'),
});

/** A point and where it lies. */
export interface ResultLine {
  /** Relative to the run's folder, with slashes. */
  readonly folder: string;
  readonly result: Result;
}

export interface ResultLines {
  /** One per point that has ended, in the order in which they did. */
  readonly lines: readonly ResultLine[];
  /** What lies among the points and is no result, or none that can be read. */
  readonly problems: readonly SweeplineError[];
}

/** Appends a point's line durably. What an append that failed left becomes a line of its own, which readers leave out. */
export function appendResultLine(run: string, name: string, result: Result): Promise<void> {
  return appendWhole(join(run, LINES_FILE), lineOf({ name, result }));
}

/**
 * All points of a run in one read. Their folders are the truth: points without a whole line (results.ndjson is missing or torn, or a
 * crash came between) are read from their folders, and lines whose folder is gone are left out. Nothing is written.
 */
export async function readResultLines(run: string): Promise<ResultLines> {
  return linesOf(await readPoints(run, await readLines(run)));
}

/**
 * Makes results.ndjson anew from the points' folders. Not for a run that is being measured.
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function rebuildResultLines(run: string): Promise<ResultLines> {
  const points = await readPoints(run);
  const text = inOrder(points.found).map(lineOf).join('');
  await writing(run, () => writeAtomic(join(run, LINES_FILE), text));
  return linesOf(points);
}

/** What the file has, by the name of the point's folder: of several lines the last one that can be read. */
async function readLines(run: string): Promise<ReadonlyMap<string, Result>> {
  const found = new Map<string, Result>();
  try {
    await using file = await open(join(run, LINES_FILE));
    for await (const line of file.readLines()) {
      const read = parsed(line);
      const name = read?.result.name ?? '';
      // A line of another folder is none of its point's.
      if (read?.folder === folderOf(name)) found.set(name, read.result);
    }
  } catch {
    // The points' folders have it all.
  }
  return found;
}

/** Undefined for one that is torn, damaged or of a later version. */
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

/** With slashes everywhere: the file is read on other systems, too. */
function folderOf(name: string): string {
  return `${POINTS}/${name}`;
}
