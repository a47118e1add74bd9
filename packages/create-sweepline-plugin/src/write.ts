import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NewFile } from './files.js';
import { UsageError } from './usage-error.js';

/** What a folder may contain before a package is made in it. */
const HARMLESS = ['.git', '.gitkeep', '.DS_Store'];

/** Writes a package's files to an empty folder. If one can't be written, the others are removed. @throws {UsageError} */
export async function writePackage(folder: string, files: readonly NewFile[]): Promise<void> {
  const there = await readdir(folder).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') throw new UsageError(`${folder} is a file. Choose another folder with --folder.`);
    throw error;
  });
  const [first] = there?.filter((name) => !HARMLESS.includes(name)) ?? [];
  if (first !== undefined)
    throw new UsageError(`${folder} is not empty: it has ${first}. Choose another folder with --folder.`);
  const written: string[] = [];
  try {
    for (const { path, content } of files) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      written.push(file);
      await writeFile(file, content, { flag: 'wx' });
    }
  } catch (error) {
    if (there === undefined) await rm(folder, { recursive: true, force: true });
    else await Promise.all(written.map((file) => rm(file, { force: true })));
    throw error;
  }
}
