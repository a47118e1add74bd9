import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ImportFormat } from './format.js';
import { FORMATS } from './formats.js';
import { IMPORT_FILE } from './import-source.js';
import { readJson } from './read-json.js';

/** Files to import together. */
export interface FoundImport {
  readonly run: string;
  readonly format: ImportFormat;
  readonly files: readonly string[];
}

/** A file that is not imported. */
export interface NotImported {
  readonly file: string;
  readonly reason: string;
}

export interface FoundImports {
  readonly imports: readonly FoundImport[];
  readonly skipped: readonly NotImported[];
}

/** Artifacts have folders of their own within that of their run. */
const ARTIFACT = /^(?:results_.*|bmk_.*|eval_.*|run-stats.*|changelog-metadata.*)$/;
/** Folders of Sweepline's own, by a file that they have: their rows are in the index as they are. */
const OWN = [
  ['journal.ndjson', "a run of Sweepline's, which needs no import"],
  ['results.ndjson', "a run of Sweepline's, which needs no import"],
  [IMPORT_FILE, 'it was imported'],
] as const;
/** All rows of a run; `bmk_*` has them once more. */
const ALL_ROWS = join('results_bmk', 'agg_bmk.json');

/**
 * Files in a file or a folder, and in its folders, that have a known format.
 * @param allRows rows of the artifact that has all of a run, as JSON: what has them once more is left out
 */
export async function findImports(
  path: string,
  allRows: ReadonlySet<string> = new Set(),
): Promise<FoundImports> {
  const info = await stat(path);
  if (!info.isDirectory()) return fileImport(resolve(path), allRows);
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const ofFolder = FORMATS.find((format) => format.files !== undefined && files.includes(format.files[0]));
  if (ofFolder !== undefined) return folderImport(resolve(path), files, ofFolder);
  const inside = entries.filter((entry) => entry.isFile() || entry.isDirectory()).map(({ name }) => name);
  const own = OWN.find(([file]) => files.includes(file));
  if (own !== undefined) return { imports: [], skipped: [{ file: resolve(path), reason: own[1] }] };
  const links = entries.filter((entry) => !entry.isFile() && !entry.isDirectory());
  const rows = await rowsIn(join(path, ALL_ROWS));
  const parts: FoundImports[] = [];
  for (const name of inside)
    parts.push(await findImports(join(path, name), name.startsWith('bmk_') ? rows : allRows));
  return {
    imports: parts.flatMap(({ imports }) => imports),
    skipped: [
      ...links.map(({ name }) => ({ file: resolve(path, name), reason: 'a link, or no file' })),
      ...parts.flatMap(({ skipped }) => skipped),
    ],
  };
}

async function rowsIn(file: string): Promise<ReadonlySet<string>> {
  const rows = await readJson(file).catch(() => []);
  return new Set(Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)) : []);
}

function folderImport(folder: string, names: readonly string[], format: ImportFormat): FoundImports {
  const known = new Set<string>(format.files);
  const [own, others] = [names.filter((name) => known.has(name)), names.filter((name) => !known.has(name))];
  return {
    imports: [{ run: basename(folder), format, files: own.map((name) => join(folder, name)) }],
    skipped: others.map((name) => ({ file: join(folder, name), reason: `not read from an ${format.name}` })),
  };
}

async function fileImport(file: string, allRows: ReadonlySet<string>): Promise<FoundImports> {
  const skip = (reason: string): FoundImports => ({ imports: [], skipped: [{ file, reason }] });
  if (!file.endsWith('.json')) return skip('not a .json file');
  const content = await readJson(file).catch((error: unknown) => error as Error);
  if (content instanceof Error) return skip(content.message);
  if (Array.isArray(content) && content.length === 0) return skip('it has no rows');
  if (allRows.has(JSON.stringify(content))) return skip(`its row is in ${ALL_ROWS} as well`);
  const format = FORMATS.find((known) => known.matches?.(content));
  if (format === undefined) return skip('it has no known format');
  return { imports: [{ run: runOf(file), format, files: [file] }], skipped: [] };
}

/** The folder that has a file, or the artifact that it is in. */
function runOf(file: string): string {
  const folder = dirname(file);
  return basename(ARTIFACT.test(basename(folder)) ? dirname(folder) : folder);
}
