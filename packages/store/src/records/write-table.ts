import { dirname, resolve } from 'node:path';
import { DuckDBDataChunk, DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { messageOf, SweeplineError } from '@sweepline/core';
import { ALONE } from '../index/database.js';
import { definition, typeOf } from '../index/sql-tables.js';
import type { Column } from '../index/tables.js';
import { writeWhole } from '../write-whole.js';
import { literal } from './write-parquet.js';

/** A column of a table that is written to a file. */
export interface TableColumn {
  readonly name: string;
  readonly type: Extract<Column['type'], 'text' | 'number' | 'flag'>;
  readonly values: readonly (string | number | boolean | null)[];
}

/** Rows of a chunk: DuckDB's vectors have so many. */
const CHUNK = 2048;

/**
 * Writes a table to a Parquet file, which appears whole or not at all.
 * @param columns of the same length; their names differ in more than case
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function writeTable(columns: readonly TableColumn[], out: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...ALONE,
    temp_directory: dirname(resolve(out)),
  });
  const connection = await instance.connect();
  try {
    await fill(connection, columns);
    await writeWhole(out, (temporary) =>
      connection.run(`COPY written TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`),
    );
  } catch (error) {
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write ${out}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function fill(connection: DuckDBConnection, columns: readonly TableColumn[]): Promise<void> {
  const types = columns.map(({ type }) => typeOf({ type, what: '' }));
  const definitions = columns.map(({ name }, index) => definition(name, types[index]!));
  await connection.run(`CREATE TABLE written (${definitions.join(', ')})`);
  const appender = await connection.createAppender('written');
  const rows = columns[0]?.values.length ?? 0;
  for (let from = 0; from < rows; from += CHUNK) {
    const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK, rows - from));
    columns.forEach(({ values }, index) => chunk.setColumnValues(index, values.slice(from, from + CHUNK)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
