import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { z } from 'zod';
import { SweeplineError, type Where } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import { readClusters, type ReadClusters } from './clusters.js';
import { kindOfFile } from './kinds.js';
import { gather, type Gathered } from './gather.js';
import type { LocatedEntry } from './master.js';
import type { Dialect, RunnerConfig } from './model.js';
import { inspect, schemaProblems, type Inspection } from './inspect.js';
import { problemsOf } from './issues.js';
import { readEvals, type Evals } from './evals.js';
import { readModels, type ModelSizes } from './models.js';
import { findWorkspace } from './plugin-names.js';
import { readRunners } from './runners.js';
import { workspaceSchema, type WorkspaceConfig } from './schema/workspace.js';
import { LIMITS } from './yaml/limits.js';
import { parseYaml, type Document } from './yaml/parse.js';

export type { LocatedEntry };

const CLUSTERS_FILE = join('configs', 'clusters.yaml');
const MODELS_FILE = join('configs', 'models.yaml');
const EVALS_FILE = join('configs', 'evals.yaml');

/** A folder with configs/sweepline.yaml, and the content of that file. */
export interface Workspace {
  readonly root: string;
  readonly file: string;
  readonly config: WorkspaceConfig;
  /** The position in the file of a path of keys. */
  readonly at: (path: readonly PropertyKey[]) => Where;
}

/**
 * The workspace at or above a folder.
 * @throws {SweeplineError} CONFIG_NOT_FOUND when there is none, CONFIG_SYNTAX or CONFIG_INVALID.
 */
export async function loadWorkspace(folder: string): Promise<Workspace> {
  const found = findWorkspace(folder);
  if (found === undefined) {
    throw new SweeplineError('CONFIG_NOT_FOUND', `no configs/sweepline.yaml in ${folder} or above it`, {
      hint: 'Call this in a Sweepline workspace, or create one with `sweepline init`.',
    });
  }
  const { root, file } = found;
  const { value, at, problems } = await readDocument(file, folder);
  const parsed = workspaceSchema.safeParse(value);
  if (parsed.success && problems.length === 0) return { root, file, config: parsed.data, at };
  const checked = { value, at, code: 'CONFIG_INVALID', schema: workspaceSchema } as const;
  throw together([...problems, ...problemsOf(parsed.error?.issues ?? [], checked)]);
}

/**
 * The entries of master configs, in the order of files and of keys within them. A pattern is a file, a folder (all master configs
 * in it, sorted) or a glob; all files of one call must have the same dialect.
 * @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID, with all problems of all files.
 */
export async function loadMasterConfigs(
  patterns: readonly string[],
  cwd: string,
): Promise<readonly LocatedEntry[]> {
  const { entries, problems } = await inspectMasterConfigs(patterns, cwd);
  if (problems.length > 0) throw together(problems);
  return entries;
}

/** The same without stopping at the first problem: the valid entries, and all problems. */
async function inspectMasterConfigs(patterns: readonly string[], cwd: string): Promise<Gathered> {
  const { files, problems } = await findConfigs(patterns, cwd, (file) => kindOfFile(file) === 'master');
  const read = await readDocuments(files, cwd);
  const gathered = await withLoads(gather(read.documents), cwd);
  return { ...gathered, problems: [...problems, ...read.problems, ...gathered.problems] };
}

/**
 * Checks config files of all kinds: the name of a file gives its kind, and files of one kind are checked together. Patterns are
 * those of loadMasterConfigs.
 */
export async function inspectConfigs(patterns: readonly string[], cwd: string): Promise<Inspection> {
  const { files, problems } = await findConfigs(patterns, cwd, () => true);
  const read = await readDocuments(files, cwd);
  const inspection = await withLoads(inspect(read.documents), cwd);
  return { ...inspection, problems: [...problems, ...read.problems, ...inspection.problems] };
}

/** Checking loads needs much of the program, so it is imported only if an entry has one. */
async function withLoads<T extends Pick<Gathered, 'entries' | 'problems'>>(read: T, cwd: string): Promise<T> {
  const hasLoad = ({ entry }: LocatedEntry): boolean =>
    entry.scenarios['fixed-seq-len'].some(({ load }) => load !== undefined);
  if (!read.entries.some(hasLoad)) return read;
  const { checkLoads } = await import('./scenario-loads.js');
  const entries: LocatedEntry[] = [];
  const problems = [...read.problems];
  for (const located of read.entries) {
    const checked = hasLoad(located) ? await checkLoads(located, cwd) : { entry: located };
    if ('entry' in checked) entries.push(checked.entry);
    else problems.push(...checked.problems);
  }
  return { ...read, entries, problems };
}

/**
 * Nodes by label, and what is known about them. If a dialect is given, the file must have it.
 * @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID, with all problems of the file.
 */
export async function loadRunnerConfig(file: string, dialect?: Dialect, cwd = '.'): Promise<RunnerConfig> {
  const { config, problems } = readRunners(await readDocument(resolve(cwd, file), cwd), dialect);
  if (config === undefined || problems.length > 0) throw together(problems);
  return config;
}

/**
 * The clusters of a workspace before their launchers are known, and the problems that don't depend on launchers; empty without
 * configs/clusters.yaml.
 * @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID for a file that can't be read.
 */
export async function loadClusters(root: string, cwd = '.'): Promise<ReadClusters> {
  const file = join(root, CLUSTERS_FILE);
  if (!existsSync(file)) return { written: [], problems: [] };
  return readClusters(await readDocument(file, cwd));
}

/**
 * The sizes of models by `model-prefix`; empty if the workspace has no configs/models.yaml.
 * @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID, with all problems of the file.
 */
export async function loadModels(root: string, cwd = '.'): Promise<ModelSizes> {
  const file = join(root, MODELS_FILE);
  if (!existsSync(file)) return {};
  const { models, problems } = readModels(await readDocument(file, cwd));
  if (problems.length > 0) throw together(problems);
  return models;
}

/**
 * What marked jobs are asked; undefined if the workspace has no configs/evals.yaml.
 * @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID, with all problems of the file.
 */
export async function loadEvals(root: string, cwd = '.'): Promise<Evals | undefined> {
  const file = join(root, EVALS_FILE);
  if (!existsSync(file)) return undefined;
  const { evals, problems } = readEvals(await readDocument(file, cwd));
  if (evals === undefined || problems.length > 0) throw together(problems);
  return evals;
}

/**
 * A config file of a package of its own, as its schema describes it completely.
 * @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID, with all problems of the file.
 */
export async function loadConfigFile<T>(file: string, schema: z.ZodType<T>, cwd = '.'): Promise<T> {
  const document = await readDocument(resolve(cwd, file), cwd);
  const parsed = schema.safeParse(document.value);
  if (parsed.success && document.problems.length === 0) return parsed.data;
  throw together(schemaProblems(document, schema));
}

/**
 * The files of patterns, in the patterns' order. A file that is named explicitly is always included; files in folders or from
 * globs only if they are wanted, and each once.
 */
async function findConfigs(
  patterns: readonly string[],
  cwd: string,
  wanted: (file: string) => boolean,
): Promise<{ readonly files: readonly string[]; readonly problems: readonly SweeplineError[] }> {
  const files: string[] = [];
  const problems: SweeplineError[] = [];
  for (const pattern of patterns) {
    const path = resolve(cwd, pattern);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) {
      files.push(path);
      continue;
    }
    const matches = found === undefined ? await glob(pattern, cwd) : await glob('**/*.{yaml,yml}', path);
    const chosen = matches?.filter(wanted).sort() ?? [];
    if (matches === undefined)
      problems.push(notFound(`can't read ${pattern}: there is no such file`, pattern));
    else if (chosen.length === 0) problems.push(notFound(`no config file in ${pattern}`, pattern));
    files.push(...chosen.filter((file) => !files.includes(file)));
  }
  return { files, problems };
}

/** Undefined if it is not a pattern. */
async function glob(pattern: string, cwd: string): Promise<string[] | undefined> {
  const globbing = await import('tinyglobby'); // Not needed if files are named explicitly.
  return globbing.isDynamicPattern(pattern) ? globbing.glob(pattern, { cwd, absolute: true }) : undefined;
}

/** Parses one file after the other, so that the memory of one is free before the next. */
async function readDocuments(
  files: readonly string[],
  cwd: string,
): Promise<{ readonly documents: readonly Document[]; readonly problems: readonly SweeplineError[] }> {
  const texts = await Promise.allSettled(files.map((file) => readText(file, cwd)));
  const documents: Document[] = [];
  const problems: SweeplineError[] = [];
  for (const text of texts) {
    try {
      if (text.status === 'rejected') throw text.reason;
      documents.push(await parseYaml(text.value.text, text.value.file));
    } catch (thrown) {
      problems.push(...flatten(thrown));
    }
  }
  return { documents, problems };
}

/** @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID. */
async function readDocument(path: string, cwd: string): Promise<Document> {
  const { text, file } = await readText(path, cwd);
  return parseYaml(text, file);
}

/** A file's text, and its name in messages. */
async function readText(
  path: string,
  cwd: string,
): Promise<{ readonly text: string; readonly file: string }> {
  const file = shownPath(path, cwd);
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > LIMITS.bytes) throw tooLarge(file, size);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof SweeplineError) throw cause;
    throw notFound(`can't read ${file}: ${fileProblem(cause)}`, file, cause);
  }
  return { text: decode(bytes, file), file };
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SweeplineError('CONFIG_SYNTAX', 'the file is not UTF-8 text', { where: { file }, cause });
  }
}

/** Relative to the folder of the call, for files below it. */
function shownPath(path: string, cwd: string): string {
  const shown = relative(resolve(cwd), path);
  return shown.startsWith('..') || isAbsolute(shown) ? path : shown;
}

function tooLarge(file: string, size: number): SweeplineError {
  const message = `the file has ${size} bytes; a config has at most ${LIMITS.bytes}`;
  return new SweeplineError('CONFIG_INVALID', message, { where: { file } });
}

function notFound(message: string, file: string, cause?: unknown): SweeplineError {
  return new SweeplineError('CONFIG_NOT_FOUND', message, { where: { file }, cause });
}

function flatten(thrown: unknown): readonly SweeplineError[] {
  if (!(thrown instanceof SweeplineError)) throw thrown;
  return thrown.problems.length > 0 ? thrown.problems : [thrown];
}

function together(problems: readonly SweeplineError[]): SweeplineError {
  const [first] = problems;
  if (first === undefined)
    return new SweeplineError('INTERNAL', 'a config was refused, but no problem was given');
  if (problems.length === 1) return first;
  const files = new Set(problems.map(({ where }) => where.file)).size;
  const message = `${problems.length} problems in ${files === 1 ? (first.where.file ?? 'a file') : `${files} files`}`;
  return new SweeplineError(first.code, message, { problems });
}
