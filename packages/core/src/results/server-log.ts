import { constants, createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../make-folder.js';
import type { Mask } from '../secrets.js';

/**
 * Joins logs of any size in one file, which readers see whole or not at all. A single log is unchanged; several are separated by
 * lines with their names, as `tail` prints them.
 */
export async function joinLogs(paths: readonly string[], target: string): Promise<void> {
  await makeFolder(dirname(target));
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

/** Masks the secrets in a log, and makes it readable to everyone who may read its folder. */
export async function publishLog(path: string, mask: Mask): Promise<void> {
  if (await holdsSecrets(path, mask)) {
    const masked = `${path}.tmp`;
    try {
      await pipeline(createReadStream(path), mask.stream(), createWriteStream(masked));
      await rename(masked, path);
    } catch (error) {
      await rm(masked, { force: true });
      throw error;
    }
  }
  const folder = await stat(dirname(path));
  await chmod(path, folder.mode & 0o666);
}

async function holdsSecrets(path: string, mask: Mask): Promise<boolean> {
  if (mask.isEmpty) return false;
  const isSecret = mask.detector();
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    if (isSecret(bytes as Buffer)) return true;
  }
  return false;
}
