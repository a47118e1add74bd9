import { basename, dirname } from 'node:path';
import { given, list, number, object, parsed, text, type Json } from '@sweepline/store/json';
import { filesOf, textIn, type FileTree } from '@sweepline/store/rows';
import type { PointDetail } from '../site/site-data.js';
import type { TableData } from '../site/table.js';
import { LARGEST_JSON, LARGEST_RECORDS, LOG_TAIL, MOST_LOGS } from './bounds.js';

/** What a point's folder has besides its row. */
export interface PointFiles extends Measured {
  readonly error: Pick<NonNullable<PointDetail['error']>, 'where' | 'hint' | 'logTail'>;
  readonly plan?: unknown;
  readonly load?: unknown;
  readonly logs: PointDetail['logs'];
  readonly notes?: readonly string[];
}

export interface Measured {
  readonly requests?: TableData;
  readonly samples?: TableData;
}

/**
 * Reads the records of a point, and the readings of its devices where it has them.
 * @param notes what is not all there is added
 * @throws {Error} if they can't be read
 */
export type MeasuredReader = (
  records: Uint8Array,
  telemetry: string | undefined,
  notes: string[],
) => Promise<Measured>;

/**
 * Reads the files of a point of Sweepline's. What can't be read is named in `notes`, and costs itself alone.
 * @param file its result.json
 */
export async function readPointFiles(
  tree: FileTree,
  file: string,
  { measured }: { readonly measured: MeasuredReader | undefined },
): Promise<PointFiles> {
  const folder = dirname(file);
  const notes: string[] = [];
  const result = object(await readJson(tree, file, notes));
  const there = ((await tree.entries(folder).catch(() => undefined)) ?? []).map(({ name }) => name);
  const files = object(filesOf(result, there));
  const path = async (name: unknown): Promise<string | undefined> => {
    const named = text(name);
    return named === undefined ? undefined : tree.within(folder, named);
  };
  const plan = await readJson(tree, await path(files['plan']), notes);
  const load = await readJson(tree, await path(files['load']), notes);
  const logs = await readLogs(tree, list(object(result['files'])['logs']), path, notes);
  const [records, telemetry] = [await path(files['records']), await path(files['telemetry'])];
  const found = await readMeasured(tree, measured, { records, telemetry }, notes);
  return {
    error: errorOf(object(result['error'])),
    ...(plan !== undefined && { plan }),
    ...(load !== undefined && { load }),
    logs,
    ...found,
    ...(notes.length > 0 && { notes }),
  };
}

function errorOf(error: Json): PointFiles['error'] {
  const { where, hint, logTail } = error;
  return given({ where: text(where), hint: text(hint), logTail: text(logTail) });
}

async function readJson(tree: FileTree, path: string | undefined, notes: string[]): Promise<unknown> {
  if (path === undefined) return undefined;
  const size = await tree.size(path);
  if (size === undefined) return undefined;
  if (size > LARGEST_JSON) {
    notes.push(`${nameOf(path)} is left out: it has ${size} bytes`);
    return undefined;
  }
  return parsed(await textIn(tree, path).catch(() => undefined));
}

async function readLogs(
  tree: FileTree,
  named: readonly Json[],
  path: (name: unknown) => Promise<string | undefined>,
  notes: string[],
): Promise<PointDetail['logs']> {
  if (named.length > MOST_LOGS) notes.push(`the first ${MOST_LOGS} of ${named.length} logs`);
  const logs: PointDetail['logs'][number][] = [];
  for (const { role, replica, rank, file } of named.slice(0, MOST_LOGS)) {
    const tail = await tailOf(tree, await path(file));
    if (tail === undefined) continue;
    const log = { role: text(role) ?? '', replica: number(replica) ?? 0, rank: number(rank) ?? 0 };
    if (tail.size > LOG_TAIL)
      notes.push(
        `the last ${LOG_TAIL} of ${tail.size} bytes of the log of ${log.role} ${log.replica}.${log.rank}`,
      );
    logs.push({ ...log, tail: tail.text });
  }
  return logs;
}

async function tailOf(
  tree: FileTree,
  path: string | undefined,
): Promise<{ readonly size: number; readonly text: string } | undefined> {
  const size = path === undefined ? undefined : await tree.size(path);
  if (path === undefined || size === undefined) return undefined;
  const bytes = await tree.bytes(path, Math.max(0, size - LOG_TAIL)).catch(() => undefined);
  return bytes && { size, text: new TextDecoder().decode(bytes) };
}

async function readMeasured(
  tree: FileTree,
  read: MeasuredReader | undefined,
  { records, telemetry }: { readonly records: string | undefined; readonly telemetry: string | undefined },
  notes: string[],
): Promise<Measured> {
  const size = records === undefined ? undefined : await tree.size(records);
  if (read === undefined || records === undefined || size === undefined) return {};
  if (size > LARGEST_RECORDS) {
    notes.push(`requests are left out: ${nameOf(records)} has ${size} bytes`);
    return {};
  }
  try {
    const isRead = telemetry !== undefined && ((await tree.size(telemetry)) ?? Infinity) <= LARGEST_RECORDS;
    const readings = isRead ? await textIn(tree, telemetry) : undefined;
    return await read(await tree.bytes(records), readings, notes);
  } catch (error) {
    notes.push(`requests are left out: ${error instanceof Error ? error.message : 'unknown'}`);
    return {};
  }
}

function nameOf(path: string): string {
  return basename(path);
}
