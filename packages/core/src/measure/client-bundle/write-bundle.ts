import { chmod, copyFile, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SweeplineError, messageOf } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { CLIENT_SCHEMA } from '../../launch/bundle/node-bundle.js';
import type { ClientBundle } from './client-bundle.js';

const MANIFEST = 'manifest.json';
const PROGRAM_MODE = 0o755;
const FILE_MODE = 0o644;

/**
 * Writes a bundle into a folder, which is made, is empty or holds an earlier bundle.
 * @throws {SweeplineError} CLIENT_UNUSABLE when there is anything else in it, RESULT_WRITE_FAILED
 */
export async function writeClientBundle(bundle: ClientBundle, folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    await assertOwn(bundle, folder);
    const unfinished = await mkdtemp(join(folder, '.unfinished-'));
    try {
      await writeFiles(bundle, unfinished);
      // The manifest comes last: where there is one, there is all.
      for (const { path } of [...bundle.files, { path: MANIFEST }])
        await rename(join(unfinished, path), join(folder, path));
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  } catch (cause) {
    if (cause instanceof SweeplineError) throw cause;
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write the client bundle: ${messageOf(cause)}`, {
      where: { file: folder },
      cause,
    });
  }
}

async function writeFiles({ files, manifest }: ClientBundle, folder: string): Promise<void> {
  for (const { path, source, isProgram } of files) {
    await copyFile(source, join(folder, path));
    // For all users of the machine, whatever this one's mask is.
    await chmod(join(folder, path), isProgram ? PROGRAM_MODE : FILE_MODE);
  }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await chmod(join(folder, MANIFEST), FILE_MODE);
}

async function assertOwn({ files }: ClientBundle, folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length === 0) return;
  const own = new Set([MANIFEST, ...files.map(({ path }) => path)]);
  const other = names.find((name) => !own.has(name));
  if (other === undefined && (await isBundle(folder))) return;
  const has = other === undefined ? 'files that no bundle was written with' : `${other} in it`;
  throw new SweeplineError(
    'CLIENT_UNUSABLE',
    `${folder} is not a folder for a client bundle: it has ${has}`,
    {
      where: { file: folder },
      hint: 'Give a new or an empty folder, or one with nothing but an earlier bundle.',
    },
  );
}

async function isBundle(folder: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as { schema?: unknown };
    return manifest.schema === CLIENT_SCHEMA;
  } catch {
    return false;
  }
}
