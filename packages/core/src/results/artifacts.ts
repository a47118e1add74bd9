import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isCompleted } from './collect.js';
import { isThere } from './is-there.js';
import type { LogFile } from './point-files.js';
import { exportedOf } from './repeats.js';
import { POINTS } from './run-folder.js';
import type { Result } from './schema.js';
import { joinLogs } from './server-log.js';
import { withheldReason } from './withheld.js';
import { toJson, writeAtomic } from './write.js';

/** Folders that a point's artifacts are in, in the run's. */
export function artifactFoldersOf(name: string): readonly [bmk: string, logs: string] {
  return [`bmk_${name}`, `server_logs_${name}`];
}

/** The rows of points that were measured several times, each by its median repeat: known once all of them have ended. */
export async function exportMedians(run: string, results: readonly Result[]): Promise<void> {
  const exported = new Set<Result>(exportedOf(results));
  for (const result of results.filter(({ repeat }) => repeat !== undefined)) {
    const [bmk] = artifactFoldersOf(result.name);
    if (isCompleted(result) && exported.has(result))
      await writeAtomic(rowFileOf(run, result.name), toJson(result.row));
    // An earlier process may have exported it, when fewer of them had ended.
    else await rm(join(run, bmk), { recursive: true, force: true });
  }
}

function rowFileOf(run: string, name: string): string {
  return join(run, artifactFoldersOf(name)[0], `agg_${name}.json`);
}

/** Copies of a saved point by the names of InferenceX's artifacts, for its dashboard; those that are there stay. The row of a repeat is not among them. */
export async function exportArtifacts(
  run: string,
  result: Result,
  logs: readonly LogFile[],
  { replace }: { readonly replace: boolean },
): Promise<void> {
  const { name, repeat } = result;
  const isWanted = async (file: string): Promise<boolean> => replace || !(await isThere(file));
  const [, serverLogs] = artifactFoldersOf(name);
  const row = rowFileOf(run, name);
  const isExported = isCompleted(result) && repeat === undefined && withheldReason(result) === undefined;
  if (isExported && (await isWanted(row))) await writeAtomic(row, toJson(result.row));
  const log = join(run, serverLogs, 'server.log');
  if (logs.length > 0 && (await isWanted(log)))
    await joinLogs(
      logs.map(({ file }) => join(run, POINTS, name, file)),
      log,
    );
}
