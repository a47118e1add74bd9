import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/**
 * Copies logs of any size into one file, which appears whole. One log stays as it is; of several, each comes under a line
 * with its name, as `tail` prints them.
 */
export async function joinLogs(paths: readonly string[], target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.tmp`;
  const [first] = paths;
  try {
    if (paths.length === 1 && first !== undefined) {
      await copyFile(first, temporary, constants.COPYFILE_FICLONE);
    } else {
      await concatenate(paths, temporary);
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function concatenate(paths: readonly string[], target: string): Promise<void> {
  await rm(target, { force: true });
  for (const [index, path] of paths.entries()) {
    const heading = `${index === 0 ? '' : '\n'}==> ${basename(path)} <==\n`;
    await writeFile(target, heading, { flag: 'a' });
    await writeFile(target, createReadStream(path), { flag: 'a' });
  }
}
