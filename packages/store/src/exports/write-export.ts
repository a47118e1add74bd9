import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fillFolder, SweeplineError, toJson, writeAtomic, writing } from '@sweepline/core';
import { synced } from '../synced.js';
import { folderName } from './artifact-name.js';
import type { RunExport } from './run-export.js';

/** What is not in any artifact, and why: next to the artifacts. */
export const HELD_BACK_FILE = 'held-back.json';
/** How points ended, by run and hardware: the dashboard has no place for it. */
export const FAILURES_FILE = 'success-by-layer.json';

/**
 * Writes runs as InferenceX's artifacts below a folder, which appears whole or not at all. One run is in the folder itself; several have
 * a folder each, as readers take one run at a time.
 * @throws {SweeplineError} USAGE if the folder has something in it, RESULT_WRITE_FAILED
 */
export async function writeExport(
  folder: string,
  runs: readonly RunExport[],
  signal: AbortSignal,
): Promise<void> {
  await refuseUsed(folder);
  const folderOf = ({ run }: RunExport): string => (runs.length === 1 ? '.' : folderName(run));
  await fillFolder(folder, { replace: false }, async (temporary) => {
    for (const run of runs) {
      signal.throwIfAborted();
      await writing(folder, () => writeRun(join(temporary, folderOf(run)), run));
    }
    await writing(folder, () => writeRemarks(temporary, runs));
    await synced(temporary);
  });
}

async function writeRemarks(folder: string, runs: readonly RunExport[]): Promise<void> {
  const [heldBack, notes] = [runs.flatMap((run) => run.heldBack), runs.flatMap((run) => run.notes)];
  await writeAtomic(join(folder, HELD_BACK_FILE), toJson({ v: 1, heldBack, notes }));
  const failures = runs.flatMap(({ run, failures: of }) => (Object.keys(of).length > 0 ? [[run, of]] : []));
  await writeAtomic(join(folder, FAILURES_FILE), toJson(Object.fromEntries(failures)));
}

async function refuseUsed(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  const isEmpty = found.isDirectory() && (await readdir(folder)).length === 0;
  if (isEmpty) return;
  const what = found.isDirectory() ? 'has something in it' : 'is a file';
  throw new SweeplineError('USAGE', `${folder} ${what}`, { hint: 'Name a folder that does not exist yet.' });
}

async function writeRun(folder: string, { rows, evals, stats, changelog }: RunExport): Promise<void> {
  for (const { name, row, log } of rows) {
    await writeAtomic(join(folder, `bmk_${name}`, `agg_${name}.json`), toJson(row));
    if (log === undefined) continue;
    await mkdir(join(folder, `server_logs_${name}`));
    await copyFile(log, join(folder, `server_logs_${name}`, 'server.log'), constants.COPYFILE_FICLONE);
  }
  const write = (path: string, value: unknown): Promise<void> =>
    writeAtomic(join(folder, path), toJson(value));
  if (rows.length > 0)
    await write(
      'results_bmk/agg_bmk.json',
      rows.map(({ row }) => row),
    );
  if (Object.keys(stats).length > 0) await write('run-stats/run_stats.json', stats);
  if (changelog !== undefined) await write('changelog-metadata/changelog_metadata.json', changelog);
  if (evals.length > 0) await write('eval_results_all/agg_eval_all.json', evals);
}
