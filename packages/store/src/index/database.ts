import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { SweeplineError } from '@sweepline/core';
import { toJson, type Value } from '../output/values.js';

/** Nothing is fetched, loaded or read besides the file itself. */
export const ALONE = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  memory_limit: '512MB',
} as const;

/** A connection; disposing it closes the file. */
export interface Database extends Disposable {
  readonly connection: DuckDBConnection;
}

export async function openToWrite(file: string): Promise<Database> {
  return databaseOf(await DuckDBInstance.create(file, ALONE));
}

/**
 * Opens an index for statements of anybody's: they can change nothing, reach no other file and no network, load nothing, and not undo
 * this.
 * @throws {SweeplineError} RESULT_READ_FAILED
 */
export async function openToRead(file: string): Promise<Database> {
  try {
    const database = await databaseOf(
      await DuckDBInstance.create(file, { ...ALONE, access_mode: 'READ_ONLY', temp_directory: '' }),
    );
    try {
      await database.connection.run('SET enable_external_access = false');
      await database.connection.run('SET lock_configuration = true');
    } catch (error) {
      database[Symbol.dispose]();
      throw error;
    }
    return database;
  } catch (error) {
    throw new SweeplineError('RESULT_READ_FAILED', `can't read the index ${file}: ${String(error)}`, {
      cause: error,
      hint: 'Build it anew: sweepline index --rebuild',
    });
  }
}

async function databaseOf(instance: DuckDBInstance): Promise<Database> {
  const connection = await instance.connect();
  return {
    connection,
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export async function select(
  connection: DuckDBConnection,
  sql: string,
  values: Readonly<Record<string, DuckDBValue>> = {},
): Promise<readonly (readonly Value[])[]> {
  const read = await connection.runAndReadAll(sql, { ...values });
  return read.getRowsJS().map((row) => row.map(toJson));
}

/** The same, a column after the other: for many rows. */
export async function selectColumns(
  connection: DuckDBConnection,
  sql: string,
  values: Readonly<Record<string, DuckDBValue>> = {},
): Promise<readonly (readonly Value[])[]> {
  const read = await connection.runAndReadAll(sql, { ...values });
  return read.getColumnsJS().map((column) => column.map(toJson));
}
