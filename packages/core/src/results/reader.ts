import type { StoredRun } from './read-run.js';
import type { ResultLines } from './result-lines.js';

/*
 * How programs read runs. Plugins import core as a whole at every start of the command, and need none of it: what reads is loaded with
 * the first call.
 */

/**
 * Reads what can be read of a run's folder, as versions 1 and 2 have it: one damaged point costs that point, and is one of `problems`.
 * Members that this version doesn't know are kept. Nothing is written.
 * @throws {SweeplineError} RESULT_READ_FAILED when the run itself can't be read.
 */
export async function readRun(folder: string): Promise<StoredRun> {
  return (await import('./read-run.js')).readRun(folder);
}

/** The folder of the newest run in a results folder. @throws {SweeplineError} RESULT_READ_FAILED when there is none. */
export async function latestRun(resultsDir: string): Promise<string> {
  return (await import('./read-run.js')).latestRun(resultsDir);
}

/**
 * All points of a run's folder from its results.ndjson. The points' folders are the truth: points without a whole line (the file is
 * missing or torn, or a crash came between) are read from their folders, and lines whose folder is gone are left out. Nothing is written.
 */
export async function readResultLines(run: string): Promise<ResultLines> {
  return (await import('./result-lines.js')).readResultLines(run);
}

/**
 * Makes results.ndjson anew from the points' folders. Not for a run that is being measured.
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function rebuildResultLines(run: string): Promise<ResultLines> {
  return (await import('./result-lines.js')).rebuildResultLines(run);
}
