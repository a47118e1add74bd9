import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importSource } from '../imports/import-source.js';
import { IMPORTS } from './folders.js';
import { runSource } from './run-source.js';
import type { Source } from './rows.js';

/** Runs and imports in results folders; a folder may also be a run itself. In the order of their names. */
export async function findSources(folders: readonly string[]): Promise<readonly Source[]> {
  const found = await Promise.all(folders.map(sourcesIn));
  return found.flat();
}

async function sourcesIn(folder: string): Promise<readonly Source[]> {
  const itself = await runSource(folder);
  if (itself !== undefined) return [itself];
  const [runs, imports] = await Promise.all([
    each(folder, runSource),
    each(join(folder, IMPORTS), importSource),
  ]);
  return [...runs, ...imports];
}

async function each(
  folder: string,
  sourceIn: (folder: string) => Promise<Source | undefined>,
): Promise<readonly Source[]> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const found = await Promise.all(names.map((name) => sourceIn(join(folder, name))));
  return found.filter((source) => source !== undefined);
}
