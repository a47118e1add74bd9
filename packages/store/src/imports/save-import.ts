import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isThere, SweeplineError } from '@sweepline/core';
import { IMPORTS } from '../index/folders.js';
import { synced } from '../synced.js';
import { IMPORT_FILE, type FoundImport } from './find-imports.js';
import type { ImportInfo } from './import-source.js';

/** Digits of the digest that names an import's folder. */
const DIGITS = 16;

export interface SavedImport {
  readonly folder: string;
  readonly isNew: boolean;
}

/**
 * Copies files into a results folder, as they are, where the index finds them. The same files of the same run are there once.
 * @returns their folder, and whether they are new
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function saveImport(
  resultsDir: string,
  found: FoundImport,
  now = new Date(),
): Promise<SavedImport> {
  const { run, format, files } = found;
  const folder = join(resultsDir, IMPORTS, await digestOf(found));
  if (await isThere(join(folder, IMPORT_FILE))) return { folder, isNew: false };
  const temporary = `${folder}.${randomUUID()}.tmp`;
  const info: ImportInfo = {
    ...{ v: 1, run, format: format.name, origin: format.origin, from: files[0] ?? '' },
    ...{ importedAt: now.toISOString(), files: files.map((file) => basename(file)) },
  };
  try {
    await mkdir(temporary, { recursive: true });
    for (const file of files)
      await copyFile(file, join(temporary, basename(file)), constants.COPYFILE_FICLONE);
    await writeFile(join(temporary, IMPORT_FILE), `${JSON.stringify(info, null, 2)}\n`);
    for (const name of [...info.files, IMPORT_FILE]) await synced(join(temporary, name));
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Another process was first.
      if (!(await isThere(join(folder, IMPORT_FILE)))) throw error;
    });
    return { folder, isNew: true };
  } catch (error) {
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't import into ${folder}: ${String(error)}`, {
      cause: error,
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function digestOf({ run, files }: FoundImport): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(run));
  for (const file of files) {
    hash.update(JSON.stringify(basename(file)));
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex').slice(0, DIGITS);
}
