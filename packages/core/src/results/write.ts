import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SweeplineError, messageOf } from '../errors.js';
import { makeFolder } from '../make-folder.js';

/** Writes next to the target and renames: readers see the whole file or none. */
export async function writeAtomic(path: string, content: string): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Appends lines durably. The first starts on a new line even if the file doesn't end with one. */
export async function appendWhole(path: string, line: string): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const isWhole = size === 0 || (await lastByteOf(file, size)) === '\n';
    await file.appendFile(`${isWhole ? '' : '\n'}${line}`);
    await file.datasync();
    if (size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

async function lastByteOf(file: FileHandle, size: number): Promise<string> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString('latin1');
}

/**
 * Fills a folder that appears complete, by one rename, or not at all. Existing content is replaced if requested; otherwise the
 * folder must be empty.
 * @throws {SweeplineError} RESULT_WRITE_FAILED, or what `fill` throws.
 */
export async function fillFolder(
  path: string,
  { replace }: { readonly replace: boolean },
  fill: (folder: string, isEmpty: () => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writing(path, async () => {
    await makeFolder(dirname(path));
    await mkdir(temporary);
  });
  try {
    await fill(temporary, async () => (await readdir(temporary)).length === 0);
    await writing(path, async () => {
      if (replace) await replaceFolder(path, temporary);
      else await rename(temporary, path);
    });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Writes a file that appears complete, by one rename, or not at all. One that is there is replaced.
 * @param name of the file in the folder that `fill` is given; other files in it are dropped
 * @throws {SweeplineError} RESULT_WRITE_FAILED, or what `fill` throws.
 */
export async function fillFile(
  path: string,
  name: string,
  fill: (folder: string, isThere: () => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writing(path, async () => {
    await makeFolder(dirname(path));
    await mkdir(temporary);
  });
  try {
    await fill(temporary, async () => (await readdir(temporary)).includes(name));
    await writing(path, () => rename(join(temporary, name), path));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What was there stays whole until the new folder takes its place. */
async function replaceFolder(path: string, by: string): Promise<void> {
  const old = `${path}.${randomUUID()}.tmp`;
  const wasThere = await rename(path, old).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(by, path);
  } catch (error) {
    if (wasThere) await rename(old, path);
    throw error;
  }
  if (wasThere) await rm(old, { recursive: true, force: true });
}

/** @throws {SweeplineError} RESULT_WRITE_FAILED for any failure. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write results to ${path}: ${messageOf(cause)}`, {
      hint: full
        ? 'The disk is full: free some space, or choose another folder.'
        : 'Check the folder, or choose another.',
      cause,
    });
  }
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Makes sure that a folder's entries survive a power loss. If folders can't be synced, the system does it at its own pace. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync().catch(() => {});
  } finally {
    await folder.close();
  }
}
