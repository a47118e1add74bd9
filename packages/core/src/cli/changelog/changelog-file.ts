import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SweeplineError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';
import { writeAtomic, writing } from '../../results/write.js';

/** More than the largest known one, forty times. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/** @throws {SweeplineError} CONFIG_NOT_FOUND for a file that can't be read, CONFIG_INVALID for one that is too large */
export async function readChangelogFile(file: string, cwd: string): Promise<Buffer> {
  const path = resolve(cwd, file);
  const { size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (size > LARGEST_BYTES)
    throw new SweeplineError(
      'CONFIG_INVALID',
      `the file has ${size} bytes; a changelog has at most ${LARGEST_BYTES}`,
      {
        where: { file },
      },
    );
  return readFile(path).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
}

/**
 * Replaces a changelog, whole or not at all.
 * @param before what it had when it was read; undefined for a file that is made
 * @throws {SweeplineError} RESULT_WRITE_FAILED, or RUN_BUSY when it has changed since
 */
export async function writeChangelogFile(
  file: string,
  cwd: string,
  text: string,
  before: Buffer | undefined,
): Promise<void> {
  const path = before === undefined ? resolve(cwd, file) : await realpath(resolve(cwd, file));
  const now = await readFile(path).catch(() => undefined);
  if (before === undefined ? now !== undefined : now?.equals(before) !== true)
    throw new SweeplineError('RUN_BUSY', `${file} was changed by another program meanwhile`, {
      where: { file },
      hint: 'Run the command again.',
    });
  await writing(path, () => writeAtomic(path, text));
}

function unreadable(file: string, cause: unknown): SweeplineError {
  return new SweeplineError('CONFIG_NOT_FOUND', `can't read ${file}: ${fileProblem(cause)}`, {
    where: { file },
    cause,
  });
}
