import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exportArtifacts } from './artifacts.js';
import { logsIn } from './point-files.js';
import { POINTS, RESULT_FILE, RUNNING } from './run-folder.js';
import type { Result } from './schema.js';
import { putAside } from './store.js';
import { syncFolder, writeAtomic, writing } from './write.js';

/**
 * Copies a point of another run into a run, but for its line in results.ndjson. It takes the place of an earlier result, whose folder is
 * kept. Links are left out. Not for a run that is being measured.
 * @param from the point's folder
 * @param result the content of its result.json; it has the name of the folder
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function adoptPoint(run: string, from: string, result: Result): Promise<void> {
  const running = join(run, POINTS, `${RUNNING}${result.name}`);
  await writing(running, async () => {
    await rm(running, { recursive: true, force: true });
    await copyFiles(from, running, (name) => name !== RESULT_FILE);
    // Last: a folder that has it is whole.
    await writeAtomic(join(running, RESULT_FILE), await readFile(join(from, RESULT_FILE), 'utf8'));
    await syncFolder(running);
    const logs = await logsIn(running, result);
    await putAside(run, result.name);
    await rename(running, join(run, POINTS, result.name));
    await exportArtifacts(run, result, logs, { replace: true });
  });
}

async function copyFiles(from: string, to: string, isWanted: (name: string) => boolean): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFiles(source, target, () => true);
    else if (entry.isFile() && isWanted(entry.name)) await copySynced(source, target);
  }
}

async function copySynced(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  await using file = await open(target);
  await file.datasync();
}
