import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SweeplineError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';
import { makeFolder } from '../../make-folder.js';
import type { NewFile } from './files.js';

/** The text of a file; undefined if it doesn't exist. */
export async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${path}: ${fileProblem(cause)}`, { cause });
  });
}

/** Writes all files, or changes nothing. */
export async function writeAll(root: string, files: readonly NewFile[]): Promise<void> {
  const before: (readonly [string, string | undefined])[] = [];
  try {
    for (const { path, content } of files) {
      const file = join(root, path);
      const text = await textOf(file);
      before.push([file, text]);
      if (text === content) continue;
      await makeFolder(dirname(file));
      await writeFile(file, content);
    }
  } catch (cause) {
    for (const [file, text] of before) {
      await (text === undefined ? rm(file, { force: true }) : writeFile(file, text)).catch(() => {});
    }
    if (cause instanceof SweeplineError) throw cause;
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write to ${root}: ${fileProblem(cause)}`, {
      hint: 'Check the folder, or choose another; nothing was changed.',
      cause,
    });
  }
}
