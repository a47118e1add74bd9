import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf, SweeplineError } from '@sweepline/core';
import { textOf } from '../output/values.js';
import { synced } from '../synced.js';
import { openToRead, openToWrite, select } from './database.js';
import type { Problem, Source, SourceRow } from './rows.js';
import { findSources } from './sources.js';
import { createTable, VIEWS } from './sql-tables.js';
import { TABLE_NAMES, type TableName } from './tables.js';
import { TableWriter } from './table-writer.js';

/** Of the tables: an index of another version is built anew. */
const VERSION = 3;

export interface IndexOptions {
  /** Results folders, or runs. */
  readonly folders: readonly string[];
  readonly file: string;
  /** Forgets what the index has. */
  readonly rebuild?: boolean;
  readonly signal: AbortSignal;
}

export interface IndexReport {
  /** Folders that were read. */
  readonly read: number;
  /** Folders that were as the index has them. */
  readonly kept: number;
  /** Folders that are no longer there. */
  readonly gone: number;
  /** What could not be read, of all folders. */
  readonly problems: readonly FolderProblem[];
}

export interface FolderProblem {
  readonly folder: string;
  readonly problem: string;
}

/** What an index has of a folder. */
interface Known {
  readonly id: number;
  readonly folder: string;
  readonly state: string;
  readonly problem: string | undefined;
}

/**
 * Brings an index up to date with its folders. It is built next to the file and takes its place when it is whole, so that whoever reads
 * sees the one or the other.
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function updateIndex(options: IndexOptions): Promise<IndexReport> {
  const { file, folders, rebuild = false, signal } = options;
  await removeLeft(file);
  const sources = await findSources(folders);
  const known = rebuild ? undefined : await knownIn(file);
  const { changed, kept, stale, gone } = compared(sources, known ?? []);
  const counts = { read: changed.length, kept: kept.length, gone };
  const before = kept.flatMap(({ folder, problem }) => (problem === undefined ? [] : [{ folder, problem }]));
  if (known !== undefined && changed.length === 0 && stale.length === 0)
    return { ...counts, problems: before };
  try {
    await mkdir(dirname(file), { recursive: true });
    const problems = await replaced(file, known !== undefined, async (connection) => {
      if (known === undefined) await create(connection);
      await forget(connection, stale);
      const first = Math.max(0, ...(known ?? []).map(({ id }) => id)) + 1;
      return addAll(connection, changed, first, signal);
    });
    return { ...counts, problems };
  } catch (error) {
    if (error instanceof SweeplineError || signal.aborted) throw error;
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write the index ${file}: ${String(error)}`, {
      cause: error,
    });
  }
}

interface Compared {
  /** To be read. */
  readonly changed: readonly Source[];
  readonly kept: readonly Known[];
  /** Whose rows go. */
  readonly stale: readonly Known[];
  /** How many are no longer there. */
  readonly gone: number;
}

/** What couldn't be read is tried again as soon as anything has changed: another folder may have been the reason. */
function compared(sources: readonly Source[], known: readonly Known[]): Compared {
  const knownOf = new Map(known.map((one) => [one.folder, one]));
  const there = new Set(sources.map(({ folder }) => folder));
  const isAsBefore = ({ folder, state }: Source): boolean => knownOf.get(folder)?.state === state;
  const gone = known.filter(({ folder }) => !there.has(folder)).length;
  const isSame = gone === 0 && sources.every(isAsBefore);
  const isKept = (source: Source): boolean =>
    isAsBefore(source) && (isSame || knownOf.get(source.folder)?.problem === undefined);
  const keptFolders = new Set(sources.filter(isKept).map(({ folder }) => folder));
  return {
    changed: sources.filter(({ folder }) => !keptFolders.has(folder)),
    kept: known.filter(({ folder }) => keptFolders.has(folder)),
    stale: known.filter(({ folder }) => !keptFolders.has(folder)),
    gone,
  };
}

async function create(connection: DuckDBConnection): Promise<void> {
  for (const name of TABLE_NAMES) await connection.run(createTable(name));
}

/** Undefined where there is no index that this version can go on with. */
async function knownIn(file: string): Promise<readonly Known[] | undefined> {
  try {
    using database = await openToRead(file);
    const { connection } = database;
    const [about] = await select(connection, 'SELECT version FROM about');
    if (about?.[0] !== VERSION) return undefined;
    const rows = await select(connection, 'SELECT id, folder, state, problem FROM sources');
    return rows.map(([id, folder, state, problem]) => ({
      ...{ id: Number(id), folder: textOf(folder), state: textOf(state) },
      problem: problem === null ? undefined : textOf(problem),
    }));
  } catch {
    return undefined;
  }
}

/** Writes a copy of the file, or an empty one, and puts it in its place. */
async function replaced<T>(
  file: string,
  isCopied: boolean,
  change: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const temporary = `${file}.${hostname()}-${process.pid}-${randomUUID()}.tmp`;
  try {
    if (isCopied) await copyFile(file, temporary, constants.COPYFILE_FICLONE);
    const done = await changed(temporary, isCopied, change);
    await synced(temporary);
    await rename(temporary, file);
    await synced(dirname(file));
    return done;
  } finally {
    for (const left of [temporary, `${temporary}.wal`, `${temporary}.tmp`])
      await rm(left, { recursive: true, force: true });
  }
}

async function changed<T>(
  file: string,
  isCopied: boolean,
  change: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  using database = await openToWrite(file);
  const { connection } = database;
  await connection.run('BEGIN');
  if (!isCopied) {
    await connection.run('CREATE TABLE about (version INTEGER)');
    await connection.run('INSERT INTO about VALUES ($version)', { version: VERSION });
  }
  const done = await change(connection);
  await connection.run('COMMIT');
  await connection.run('CHECKPOINT');
  return done;
}

/** Copies that a process left which was killed. */
async function removeLeft(file: string): Promise<void> {
  const prefix = `${basename(file)}.${hostname()}-`;
  for (const name of await readdir(dirname(file)).catch(() => [])) {
    const pid = name.startsWith(prefix)
      ? /^(\d+)-.*\.tmp(?:\.wal|\.tmp)?$/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(dirname(file), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function forget(connection: DuckDBConnection, stale: readonly Known[]): Promise<void> {
  if (stale.length === 0) return;
  const ids = stale.map(({ id }) => id).join(', ');
  for (const name of TABLE_NAMES)
    await connection.run(`DELETE FROM ${name} WHERE ${name === 'sources' ? 'id' : 'source'} IN (${ids})`);
}

async function addAll(
  connection: DuckDBConnection,
  sources: readonly Source[],
  firstId: number,
  signal: AbortSignal,
): Promise<readonly FolderProblem[]> {
  const writers = new Map<TableName, TableWriter>();
  for (const name of TABLE_NAMES) writers.set(name, await TableWriter.open(connection, name));
  const folders = await foldersOfRuns(connection);
  const all: FolderProblem[] = [];
  for (const [index, source] of sources.entries()) {
    signal.throwIfAborted();
    const id = firstId + index;
    const problems: string[] = [];
    for await (const row of readable(source, folders))
      if ('problem' in row) problems.push(row.problem);
      else {
        const { table, cells, identity, numbers } = row;
        const writer = writers.get(table);
        if (writer?.add({ cells, identity, numbers, source: id }) === true) await writer.flush();
      }
    const { folder, kind, state } = source;
    const cells = {
      id,
      folder,
      kind,
      state,
      problem: problems.length === 0 ? undefined : problems.join('; '),
    };
    writers.get('sources')?.add({ cells });
    all.push(...problems.map((problem) => ({ folder, problem })));
  }
  for (const writer of writers.values()) await writer.flush();
  for (const view of VIEWS) await connection.run(view);
  return all;
}

/** Folders of Sweepline's runs that the index has, by name of the run. */
async function foldersOfRuns(connection: DuckDBConnection): Promise<Map<string, string>> {
  const rows = await select(
    connection,
    "SELECT p.run, s.folder FROM run_parts p JOIN sources s ON p.source = s.id WHERE s.kind = 'run'",
  );
  return new Map(rows.map(([run, folder]) => [textOf(run), textOf(folder)]));
}

/**
 * A folder's rows. What ends its reading is a problem of it alone; a copy of a run that is there already would count as a second
 * measurement, and has no rows.
 */
async function* readable(source: Source, folders: Map<string, string>): AsyncIterable<SourceRow | Problem> {
  const { folder, kind } = source;
  try {
    for await (const row of source.rows()) {
      if (kind === 'run' && 'table' in row && row.table === 'run_parts') {
        const run = String(row.cells.run);
        const other = folders.get(run);
        if (other !== undefined) {
          yield { problem: `it is the same run as ${other}, and counts once` };
          return;
        }
        folders.set(run, folder);
      }
      yield row;
    }
  } catch (error) {
    yield { problem: messageOf(error) };
  }
}
