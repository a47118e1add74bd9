import { basename, dirname, join } from 'node:path';
import type { FileTree, TreeEntry } from '../file-tree.js';
import type { ImportFormat } from './format.js';
import { FORMATS } from './formats.js';
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
  /** Folders of runs of Sweepline's own, which are results as they are. */
  readonly runs: readonly string[];
}

/** How files are searched. */
export interface SearchOptions {
  /** Formats that are known: the first that a file has counts. */
  readonly formats?: readonly ImportFormat[];
  /** Rows of the artifact that has all of a run, as JSON: what has them once more is left out. */
  readonly allRows?: ReadonlySet<string>;
}

/** Artifacts have folders of their own within that of their run. */
const ARTIFACT = /^(?:results_.*|bmk_.*|eval_.*|run-stats.*|changelog-metadata.*)$/;
/** What is kept of an import, next to its files. */
export const IMPORT_FILE = 'import.json';
/** A file that a run of Sweepline's has from its begin, and one that it has at the first result. */
const OWN = ['journal.ndjson', 'results.ndjson'];
/** What runs of version 1 have. */
const OLD = ['run.json', 'points'];
/** All rows of a run; `bmk_*` has them once more. */
const ALL_ROWS = join('results_bmk', 'agg_bmk.json');

/** Files in a file or a folder, and in its folders, that have a known format. @throws {Error} where there is neither */
export async function findImports(
  tree: FileTree,
  path: string,
  options: SearchOptions = {},
): Promise<FoundImports> {
  const entries = await tree.entries(path);
  if (entries === undefined) {
    if ((await tree.size(path)) === undefined) throw new Error('there is no such file or folder');
    return fileImport(tree, path, options);
  }
  const files = entries.filter(({ kind }) => kind === 'file').map(({ name }) => name);
  if (isOwn(entries)) return { imports: [], skipped: [], runs: [path] };
  if (files.includes(IMPORT_FILE)) return skip(path, 'it was imported');
  const { formats = FORMATS } = options;
  const ofFolder = formats.find((format) => format.files !== undefined && files.includes(format.files[0]));
  if (ofFolder !== undefined) return folderImport(path, files, ofFolder);
  const rows = await rowsIn(tree, join(path, ALL_ROWS));
  const parts: FoundImports[] = [];
  for (const { name, kind } of entries) {
    if (kind === 'other') parts.push(skip(join(path, name), 'a link, or no file'));
    else {
      const within = name.startsWith('bmk_') ? { ...options, allRows: rows } : options;
      parts.push(await findImports(tree, join(path, name), within));
    }
  }
  return {
    imports: parts.flatMap(({ imports }) => imports),
    skipped: parts.flatMap(({ skipped }) => skipped),
    runs: parts.flatMap(({ runs }) => runs),
  };
}

function isOwn(entries: readonly TreeEntry[]): boolean {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name);
  return OWN.some(has) || OLD.every(has);
}

function skip(file: string, reason: string): FoundImports {
  return { imports: [], skipped: [{ file, reason }], runs: [] };
}

async function rowsIn(tree: FileTree, file: string): Promise<ReadonlySet<string>> {
  const rows = await readJson(tree, file).catch(() => []);
  return new Set(Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)) : []);
}

function folderImport(folder: string, names: readonly string[], format: ImportFormat): FoundImports {
  const known = new Set<string>(format.files);
  const [own, others] = [names.filter((name) => known.has(name)), names.filter((name) => !known.has(name))];
  return {
    imports: [{ run: basename(folder), format, files: own.map((name) => join(folder, name)) }],
    skipped: others.map((name) => ({ file: join(folder, name), reason: `not read from an ${format.name}` })),
    runs: [],
  };
}

async function fileImport(
  tree: FileTree,
  file: string,
  { formats = FORMATS, allRows }: SearchOptions,
): Promise<FoundImports> {
  if (!file.endsWith('.json')) return skip(file, 'not a .json file');
  const content = await readJson(tree, file).catch((error: unknown) => error as Error);
  if (content instanceof Error) return skip(file, content.message);
  if (Array.isArray(content) && content.length === 0) return skip(file, 'it has no rows');
  if (allRows?.has(JSON.stringify(content)) === true) return skip(file, `its row is in ${ALL_ROWS} as well`);
  const format = formats.find((known) => known.matches?.(content));
  if (format === undefined) return skip(file, 'it has no known format');
  return { imports: [{ run: runOf(file), format, files: [file] }], skipped: [], runs: [] };
}

/** The folder that has a file, or the artifact that it is in. */
function runOf(file: string): string {
  const folder = dirname(file);
  return basename(ARTIFACT.test(basename(folder)) ? dirname(folder) : folder);
}
