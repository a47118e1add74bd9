import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { synced } from './synced.js';

/**
 * Writes a file that is there when it is whole, or not at all; one that was there before stays until then.
 * @param write writes it at the path that it is given, which is in the same folder
 */
export async function writeWhole<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const folder = dirname(resolve(path));
  // Not after the name of the file, which may be as long as a name can be.
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    const written = await write(temporary);
    await synced(temporary);
    await rename(temporary, path);
    await synced(folder);
    return written;
  } finally {
    await rm(temporary, { force: true });
  }
}
