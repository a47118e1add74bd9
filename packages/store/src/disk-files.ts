import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { FileTree, TreeEntry } from './file-tree.js';

/** The files of this machine. */
export const DISK: FileTree = {
  async entries(folder) {
    const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    });
    return found
      ?.map((entry): TreeEntry => {
        const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
        return { name: entry.name, kind };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  size: (file) =>
    stat(file).then(
      (found) => (found.isFile() ? found.size : undefined),
      () => undefined,
    ),
  async bytes(path, from = 0) {
    if (from === 0) return readFile(path);
    await using file = await open(path);
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  },
  async *lines(path) {
    const file = await open(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return;
    await using _ = file;
    yield* file.readLines();
  },
  async within(folder, name) {
    const real = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);
    const [path, parent] = await Promise.all([real(resolve(folder, name)), real(folder)]);
    return parent !== undefined && path?.startsWith(parent + sep) === true ? path : undefined;
  },
};
