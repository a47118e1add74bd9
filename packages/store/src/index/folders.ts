import { join } from 'node:path';

/** Folder of a results folder that has what was imported. */
export const IMPORTS = 'imports';

export function indexFileOf(resultsDir: string): string {
  return join(resultsDir, 'index.duckdb');
}
