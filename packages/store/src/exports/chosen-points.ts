import type { DuckDBConnection } from '@duckdb/node-api';
import { SweeplineError } from '@sweepline/core';
import { ask } from '../index/ask.js';
import { select } from '../index/database.js';
import { selectResults } from '../index/select-results.js';
import { columnsOf } from '../index/table-writer.js';
import { textOf } from '../output/values.js';

/** What to export: filters of `sweepline results`, or a query. */
export interface Choice {
  readonly filters: readonly string[];
  readonly query?: string | undefined;
}

/** Names of points, by name of their run; without a filter, runs that have none as well. */
export type ChosenPoints = ReadonlyMap<string, ReadonlySet<string>>;

const ALL_RUNS =
  'SELECT run FROM runs UNION SELECT run FROM evals UNION SELECT run FROM success ORDER BY run';

/** @throws {SweeplineError} USAGE */
export async function choosePoints(
  connection: DuckDBConnection,
  { filters, query }: Choice,
  signal: AbortSignal,
): Promise<ChosenPoints> {
  const { sql, values } =
    query === undefined
      ? selectResults(await columnsOf(connection, 'results'), {
          ...{ filters, columns: ['run', 'point'], sort: [], limit: undefined },
        })
      : { sql: query, values: [] };
  const { columns, rows } = await ask(connection, sql, values, signal);
  const [run, point] = [columns.indexOf('run'), columns.indexOf('point')];
  if (run < 0 || point < 0)
    throw new SweeplineError('USAGE', `rows of the query have no column ${run < 0 ? 'run' : 'point'}`, {
      hint: 'Begin it with SELECT run, point FROM results.',
    });
  const isAll = query === undefined && filters.length === 0;
  const runs = isAll ? await select(connection, ALL_RUNS) : [];
  const chosen = new Map(runs.map(([name]) => [textOf(name), new Set<string>()]));
  for (const row of rows) {
    const [runName, pointName] = [row[run], row[point]];
    if (typeof runName !== 'string' || typeof pointName !== 'string')
      throw new SweeplineError('USAGE', 'a row of the query names no run or no point');
    chosen.set(runName, (chosen.get(runName) ?? new Set()).add(pointName));
  }
  return chosen;
}
