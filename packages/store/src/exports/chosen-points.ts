import type { DuckDBConnection } from '@duckdb/node-api';
import { addNoise } from '../compare/noise-tables.js';
import { ask } from '../index/ask.js';
import { pointsIn } from '../index/points-in.js';
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
  await addNoise(connection, sql);
  const found = pointsIn(await ask(connection, sql, values, signal));
  const isAll = query === undefined && filters.length === 0;
  const runs = isAll ? await select(connection, ALL_RUNS) : [];
  const chosen = new Map(runs.map(([name]) => [textOf(name), new Set<string>()]));
  for (const { run, point } of found) chosen.set(run, (chosen.get(run) ?? new Set()).add(point));
  return chosen;
}
