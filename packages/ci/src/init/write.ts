import { chmod, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SweeplineError, messageOf } from '@sweepline/core';
import type { NewFile } from './file.js';

export type FileState = 'new' | 'same' | 'changed';

/** How files stand in a workspace. @throws {SweeplineError} USAGE for a path that leads through a link, or to no file */
export async function statesOf(
  root: string,
  files: readonly NewFile[],
): Promise<ReadonlyMap<NewFile, FileState>> {
  const states = new Map<NewFile, FileState>();
  for (const file of files) {
    await refuseOdd(root, file.path);
    const content = await readFile(join(root, file.path), 'utf8').catch(() => undefined);
    states.set(file, content === undefined ? 'new' : content === file.content ? 'same' : 'changed');
  }
  return states;
}

/** A link could lead out of the workspace. */
async function refuseOdd(root: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const at = join(root, ...parts.slice(0, length));
    const info = await lstat(at).catch(() => undefined);
    if (info === undefined) return;
    const isExpected = length === parts.length ? info.isFile() : info.isDirectory();
    if (!isExpected) throw new SweeplineError('USAGE', `${at} is not what it is to be: nothing was written`);
  }
}

/** Writes all files, or leaves everything as it was. @throws {SweeplineError} RESULT_WRITE_FAILED */
export async function writeAll(root: string, files: readonly NewFile[]): Promise<void> {
  const before: (readonly [path: string, content: Buffer | undefined])[] = [];
  const made: string[] = [];
  try {
    for (const { path, content, isProgram = false } of files) {
      const file = join(root, path);
      before.push([file, await readFile(file).catch(() => undefined)]);
      const first = await mkdir(dirname(file), { recursive: true });
      if (first !== undefined) made.push(first);
      await writeFile(file, content);
      if (isProgram) await chmod(file, 0o755);
    }
  } catch (cause) {
    for (const [file, content] of before)
      await (content === undefined ? rm(file, { force: true }) : writeFile(file, content)).catch(() => {});
    for (const folder of made) await rm(folder, { recursive: true, force: true });
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write to ${root}: ${messageOf(cause)}`, {
      hint: 'Nothing was changed.',
      cause,
    });
  }
}
