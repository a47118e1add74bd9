import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SweeplineError } from './errors.js';
import { readPoints, type FoundPoint } from './results/read-points.js';
import { readRun } from './results/read-run.js';
import { sealOf } from './results/result-lines.js';
import { LINES_FILE, POINTS } from './results/run-folder.js';
import type { RunInfo } from './results/run-schema.js';
import type { Result } from './results/schema.js';
import { wholeLines } from './results/whole-lines.js';
import { readJournal } from './schedule/journal.js';
import { sealedIn } from './schedule/open-run.js';

/** A run's folder as another machine left it. */
export interface RunPart {
  readonly folder: string;
  readonly run: RunInfo;
  /** Those that are as they were saved. */
  readonly points: readonly PartPoint[];
  /** What is damaged: points that are left out, and lines of results.ndjson that are not whole. */
  readonly problems: readonly SweeplineError[];
}

export interface PartPoint {
  readonly folder: string;
  readonly result: Result;
}

/**
 * Reads a run's folder and compares its results with what its journal says of them. Nothing is written.
 * @throws {SweeplineError} RESULT_READ_FAILED when the run itself can't be read.
 */
export async function readRunPart(folder: string): Promise<RunPart> {
  const { run } = await readRun(folder);
  const { names, found, problems } = await readPoints(folder);
  const { entries } = await readJournal(folder);
  const sealed = sealedIn(entries);
  const folderOf = (name: string): string => join(folder, POINTS, name);
  const changed = (point: FoundPoint): SweeplineError | undefined => {
    const { name, result } = point;
    const seal = sealed.get(result.name)?.seal;
    if (name !== result.name)
      return damaged(folderOf(name), `its result is that of another point, ${result.name}`);
    if (seal !== undefined && sealOf(result).line !== seal.line)
      return damaged(folderOf(name), 'its result is not as it was saved: the journal has another checksum');
    return undefined;
  };
  const read = found.map((point) => ({ point, problem: changed(point) }));
  return {
    folder,
    run,
    points: read.flatMap(({ point: { name, result }, problem }) =>
      problem === undefined ? [{ folder: folderOf(name), result }] : [],
    ),
    problems: [
      ...problems,
      ...read.flatMap(({ problem }) => problem ?? []),
      ...(await linesWithoutPoint(folder, new Set(names))),
    ],
  };
}

function damaged(file: string, message: string): SweeplineError {
  return new SweeplineError('RESULT_READ_FAILED', message, { where: { file } });
}

/** Lines that are damaged, and lines of points whose folders are gone. */
async function linesWithoutPoint(
  folder: string,
  names: ReadonlySet<string>,
): Promise<readonly SweeplineError[]> {
  const file = join(folder, LINES_FILE);
  const content = await readFile(file).catch(() => Buffer.alloc(0));
  return [...wholeLines(content)].flatMap((line, index) => {
    if (line.length === 0) return [];
    const point = pointIn(line);
    if (point !== undefined && names.has(point)) return [];
    const message =
      point === undefined ? 'a line is damaged' : `a line names ${point}, whose folder is missing`;
    return [new SweeplineError('RESULT_READ_FAILED', message, { where: { file, line: index + 1 } })];
  });
}

/** Name of the folder that a line names. */
function pointIn(line: Buffer): string | undefined {
  try {
    const { folder } = JSON.parse(line.toString()) as { readonly folder?: unknown };
    return typeof folder === 'string' ? basename(folder) : undefined;
  } catch {
    return undefined;
  }
}
