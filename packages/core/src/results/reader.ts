import type { RunRecord } from '../load/records/record.js';
import type { Readings } from '../metrics/energy/readings.js';
import type { StoredRun } from './read-run.js';
import type { RecomputedResult, StoredRecords } from './recompute.js';
import type { ResultLines } from './result-lines.js';
import type { CompletedResult, Result } from './schema.js';

/*
 * How programs read runs. Plugins import all of core whenever a command starts, but rarely read runs: the reading code is loaded
 * at the first call.
 */

/**
 * Reads what is readable in a run's folder, for versions 1 and 2: a damaged point affects only itself and is one of `problems`.
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
 * All points of a run's folder from its results.ndjson. The points' folders are authoritative: points without a complete line
 * (the file is missing or cut off, or a crash came in between) are read from their folders, and lines without a folder are left
 * out. Nothing is written.
 */
export async function readResultLines(run: string): Promise<ResultLines> {
  return (await import('./result-lines.js')).readResultLines(run);
}

/**
 * Rebuilds results.ndjson from the points' folders. Not for a run that is being measured.
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function rebuildResultLines(run: string): Promise<ResultLines> {
  return (await import('./result-lines.js')).rebuildResultLines(run);
}

/**
 * Checks the content of a result.json. Members that this version doesn't know are kept.
 * @throws {SweeplineError} RESULT_READ_FAILED
 */
export async function parseResult(text: string, file: string): Promise<Result> {
  return (await import('./parse-result.js')).parseResult(text, file);
}

/**
 * What this version's definitions make of a result's records.
 * @throws {SweeplineError} RESULT_INVALID when nothing can be made of them.
 */
export async function recomputeResult(
  result: CompletedResult,
  stored: StoredRecords,
): Promise<RecomputedResult> {
  return (await import('./recompute.js')).recomputeResult(result, stored);
}

/**
 * Reads the content of a records.jsonl. One that was cut off, as after a killed client, is not `complete`.
 * @throws {SweeplineError} RESULT_READ_FAILED for a file that no load process wrote.
 */
export async function readRecords(content: string | Uint8Array): Promise<RunRecord> {
  return (await import('../load/records/read-records.js')).decodeRunRecord(content);
}

/** Reads the content of a telemetry.ndjson; undefined without its first line. Lines that are cut off are left out. */
export async function readReadings(content: string): Promise<Readings | undefined> {
  return (await import('../metrics/energy/readings.js')).decodeReadings(content);
}
