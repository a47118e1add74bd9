import { open, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { messageOf, readReadings, readRecords, type Result } from '@sweepline/core';
import { filesOf, given, list, number, object, parsed, text, type Json } from '@sweepline/store/read';
import type { PointDetail } from '../site/site-data.js';
import type { TableData } from '../site/table.js';
import { LARGEST_JSON, LARGEST_RECORDS, LOG_TAIL, MOST_LOGS, MOST_REQUESTS, MOST_SAMPLES } from './bounds.js';
import { requestTable } from './request-table.js';
import { sampleTable } from './sample-table.js';

/** What a point's folder has besides its row. */
export interface PointFiles {
  readonly error: Pick<NonNullable<PointDetail['error']>, 'where' | 'hint' | 'logTail'>;
  readonly plan?: unknown;
  readonly load?: unknown;
  readonly logs: PointDetail['logs'];
  readonly notes?: readonly string[];
  readonly requests?: TableData;
  readonly samples?: TableData;
}

/**
 * Reads the files of a point of Sweepline's. What can't be read is named in `notes`, and costs itself alone.
 * @param file its result.json
 */
export async function readPointFiles(
  file: string,
  { requests: withRequests }: { readonly requests: boolean },
): Promise<PointFiles> {
  const folder = dirname(file);
  const notes: string[] = [];
  const result = object(await readJson(file, notes));
  const files = filesOf(result as unknown as Result, await readdir(folder).catch(() => []));
  const path = (name: string | undefined): Promise<string | undefined> => inFolder(folder, name);
  const plan = await readJson(await path(files.plan), notes);
  const load = await readJson(await path(files.load), notes);
  const logs = await readLogs(list(object(result['files'])['logs']), path, notes);
  const measured = withRequests
    ? await readMeasured(await path(files.records), await path(files.telemetry), notes)
    : {};
  return {
    error: errorOf(object(result['error'])),
    ...(plan !== undefined && { plan }),
    ...(load !== undefined && { load }),
    logs,
    ...measured,
    ...(notes.length > 0 && { notes }),
  };
}

function errorOf(error: Json): PointFiles['error'] {
  const { where, hint, logTail } = error;
  return given({ where: text(where), hint: text(hint), logTail: text(logTail) });
}

/** A file that a result names; undefined for one that isn't there, and for one outside of the point's folder. */
async function inFolder(folder: string, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const real = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);
  const [path, within] = await Promise.all([real(resolve(folder, name)), real(folder)]);
  return within !== undefined && path?.startsWith(within + sep) === true ? path : undefined;
}

async function readJson(path: string | undefined, notes: string[]): Promise<unknown> {
  if (path === undefined) return undefined;
  const size = await sizeOf(path);
  if (size === undefined) return undefined;
  if (size > LARGEST_JSON) {
    notes.push(`${nameOf(path)} is left out: it has ${size} bytes`);
    return undefined;
  }
  return parsed(await readFile(path, 'utf8').catch(() => undefined));
}

async function readLogs(
  named: readonly Json[],
  path: (name: string | undefined) => Promise<string | undefined>,
  notes: string[],
): Promise<PointDetail['logs']> {
  if (named.length > MOST_LOGS) notes.push(`the first ${MOST_LOGS} of ${named.length} logs`);
  const logs: PointDetail['logs'][number][] = [];
  for (const { role, replica, rank, file } of named.slice(0, MOST_LOGS)) {
    const tail = await tailOf(await path(text(file)));
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
  path: string | undefined,
): Promise<{ readonly size: number; readonly text: string } | undefined> {
  const file = path === undefined ? undefined : await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - LOG_TAIL);
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return { size, text: bytes.subarray(0, bytesRead).toString('utf8') };
  } finally {
    await file.close();
  }
}

async function readMeasured(
  records: string | undefined,
  telemetry: string | undefined,
  notes: string[],
): Promise<Pick<PointFiles, 'requests' | 'samples'>> {
  const size = records === undefined ? undefined : await sizeOf(records);
  if (records === undefined || size === undefined) return {};
  if (size > LARGEST_RECORDS) {
    notes.push(`requests are left out: ${nameOf(records)} has ${size} bytes`);
    return {};
  }
  try {
    const record = await readRecords(await readFile(records));
    const readings =
      telemetry === undefined || ((await sizeOf(telemetry)) ?? Infinity) > LARGEST_RECORDS
        ? undefined
        : await readReadings(await readFile(telemetry, 'utf8'));
    const { table: requests, all } = requestTable(record, MOST_REQUESTS);
    if (all > requests.rows) notes.push(`the first ${requests.rows} of ${all} requests`);
    const samples = sampleTable(record, readings, MOST_SAMPLES);
    if (samples.step > 1) notes.push(`one of every ${samples.step} readings of devices and server`);
    return {
      ...(requests.rows > 0 && { requests }),
      ...(samples.table.rows > 0 && { samples: samples.table }),
    };
  } catch (error) {
    notes.push(`requests are left out: ${messageOf(error)}`);
    return {};
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}

function nameOf(path: string): string {
  return basename(path);
}
