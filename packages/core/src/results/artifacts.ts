import { join } from 'node:path';
import { isCompleted } from './collect.js';
import { isThere } from './is-there.js';
import type { LogFile } from './point-files.js';
import { POINTS } from './run-folder.js';
import type { Result } from './schema.js';
import { joinLogs } from './server-log.js';
import { withheldReason } from './withheld.js';
import { toJson, writeAtomic } from './write.js';

/** Folders that a point's artifacts are in, in the run's. */
export function artifactFoldersOf(name: string): readonly [bmk: string, logs: string] {
  return [`bmk_${name}`, `server_logs_${name}`];
}

/** Copies of a saved point by the names of InferenceX's artifacts, for its dashboard; those that are there stay. */
export async function exportArtifacts(
  run: string,
  result: Result,
  logs: readonly LogFile[],
  { replace }: { readonly replace: boolean },
): Promise<void> {
  const { name } = result;
  const isWanted = async (file: string): Promise<boolean> => replace || !(await isThere(file));
  const [bmk, serverLogs] = artifactFoldersOf(name);
  const row = join(run, bmk, `agg_${name}.json`);
  if (isCompleted(result) && withheldReason(result) === undefined && (await isWanted(row)))
    await writeAtomic(row, toJson(result.row));
  const log = join(run, serverLogs, 'server.log');
  if (logs.length > 0 && (await isWanted(log)))
    await joinLogs(
      logs.map(({ file }) => join(run, POINTS, name, file)),
      log,
    );
}
