import { writeFile } from 'node:fs/promises';

/** Whole on the disk, when the folder gets its name. */
export function writeFlushed(path: string, content: string): Promise<void> {
  return writeFile(path, content, { flush: true });
}
