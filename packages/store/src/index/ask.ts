import { StatementType, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { messageOf, SweeplineError } from '@sweepline/core';
import type { Answer } from '../output/answer.js';
import { toJson } from '../output/values.js';

/** Statements that only read: DESCRIBE, SHOW and SUMMARIZE are SELECTs to DuckDB. */
const READING: ReadonlySet<StatementType> = new Set([StatementType.SELECT, StatementType.EXPLAIN]);

/** Runs one statement that reads. @throws {SweeplineError} USAGE */
export async function ask(
  connection: DuckDBConnection,
  sql: string,
  values: readonly DuckDBValue[],
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await answer(connection, sql, values, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new SweeplineError('USAGE', `the query has no answer: ${messageOf(error)}`, { cause: error });
  }
}

/** DuckDB's message for a text without a statement. */
const NONE = 'Error in native callback';

async function answer(
  connection: DuckDBConnection,
  sql: string,
  values: readonly DuckDBValue[],
  signal: AbortSignal,
): Promise<Answer> {
  const statements = await connection.extractStatements(sql).catch((error: unknown) => {
    throw (error as Error).message === NONE ? new Error('it has no statement') : error;
  });
  if (statements.count !== 1) throw new Error(`it has ${statements.count} statements, not one`);
  const statement = await statements.prepare(0);
  if (!READING.has(statement.statementType)) throw new Error('only a SELECT is answered');
  statement.bind([...values]);
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    const read = await statement.runAndReadAll();
    return { columns: read.deduplicatedColumnNames(), rows: read.getRowsJS().map((row) => row.map(toJson)) };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
