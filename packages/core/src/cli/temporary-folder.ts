import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import { presenceOf, thisProcess } from '../results/owner.js';
import { ownerSchema } from '../results/run-schema.js';

const OWNER_FILE = 'owner.json';

/**
 * Runs with a temporary folder that is removed afterwards. Folders of the same kind that killed processes left are removed first.
 * @throws {SweeplineError} RESULT_WRITE_FAILED if it can't be made.
 */
export async function withTemporaryFolder<T>(kind: string, use: (folder: string) => Promise<T>): Promise<T> {
  const prefix = `sweepline-${kind}-`;
  await removeLeftovers(prefix);
  const folder = await mkdtemp(join(tmpdir(), prefix)).catch((cause: unknown) => {
    const message = `can't make a temporary folder in ${tmpdir()}: ${fileProblem(cause)}`;
    throw new SweeplineError('RESULT_WRITE_FAILED', message, {
      hint: 'Set TMPDIR to another folder.',
      cause,
    });
  });
  try {
    const owner = JSON.stringify(await thisProcess());
    // If this process is killed before, the folder stays.
    await writeFile(join(folder, OWNER_FILE), owner).catch(() => {});
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeLeftovers(prefix: string): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((found) => found.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    if (await isLeftover(folder)) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** Only folders that certainly belong to this user and to a process that has ended. */
async function isLeftover(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder);
    if (!found.isDirectory() || found.uid !== process.getuid?.()) return false;
    const text = await readFile(join(folder, OWNER_FILE), 'utf8');
    return (await presenceOf(ownerSchema.parse(JSON.parse(text)))) === 'gone';
  } catch {
    return false;
  }
}
