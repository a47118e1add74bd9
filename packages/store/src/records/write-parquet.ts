import { chmod } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DuckDBInstance, listValue, type DuckDBConnection } from '@duckdb/node-api';
import { messageOf, SweeplineError } from '@sweepline/core';
import { ALONE } from '../index/database.js';
import { quoted } from '../index/sql-tables.js';
import { writeWhole } from '../write-whole.js';
import { RECORD_COLUMNS } from './records-table.js';

/** A point's records.jsonl. */
export interface RecordsFile {
  readonly run: string;
  readonly point: string;
  readonly file: string;
}

/** Bytes of the longest line: that of an answer with a million chunks. */
const LONGEST_LINE = 2 ** 26;

/**
 * Writes the requests of points to one Parquet file, a row each, with `run` and `point`. It appears whole or not at all.
 * @returns how many requests there are
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function writeParquet(
  files: readonly RecordsFile[],
  out: string,
  signal: AbortSignal,
): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...ALONE,
    temp_directory: dirname(resolve(out)),
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    return await writeWhole(out, async (temporary) => {
      const rows = await copy(connection, files, temporary);
      // Records may have the text of answers: as they, it is the user's own.
      await chmod(temporary, 0o600);
      return rows;
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write ${out}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

async function copy(
  connection: DuckDBConnection,
  files: readonly RecordsFile[],
  out: string,
): Promise<number> {
  await connection.run('CREATE TABLE points (file VARCHAR, run VARCHAR, point VARCHAR)');
  const appender = await connection.createAppender('points');
  for (const { file, run, point } of files) {
    for (const value of [file, run, point]) appender.appendVarchar(value);
    appender.endRow();
  }
  appender.closeSync();
  const columns = Object.entries(RECORD_COLUMNS);
  const types = columns.map(([name, type]) => `${quoted(name)}: '${type}'`).join(', ');
  const names = columns.map(([name]) => `r.${quoted(name)}`).join(', ');
  // The first line of a file, and its last, are no requests and have no index.
  const read = await connection.runAndReadAll(
    `COPY (
      SELECT p.run, p.point, ${names}
      FROM read_json($files, format = 'newline_delimited', filename = true, maximum_object_size = ${LONGEST_LINE},
        columns = {${types}}) r
      JOIN points p ON p.file = r.filename WHERE r."index" IS NOT NULL ORDER BY p.run, p.point, r."index"
    ) TO ${literal(out)} (FORMAT parquet, COMPRESSION zstd)`,
    { files: listValue(files.map(({ file }) => file)) },
  );
  return Number(read.getRows()[0]?.[0] ?? 0);
}

/** COPY takes no parameter as its target. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
