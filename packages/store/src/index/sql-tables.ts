import { BOOLEAN, DOUBLE, INTEGER, TIMESTAMP, VARCHAR, type DuckDBType } from '@duckdb/node-api';
import { RESULT_NUMBERS, TABLES, type Column, type TableName } from './tables.js';

const TYPES = { text: VARCHAR, integer: INTEGER, number: DOUBLE, flag: BOOLEAN, time: TIMESTAMP } as const;

export function typeOf({ type }: Column): DuckDBType {
  return TYPES[type];
}

/**
 * A run that was imported from several files is one run. A measurement that is there twice is marked the second time: one of InferenceX's
 * that was imported from the artifacts of its run and from the dashboard, with the same numbers to the last digit; and one of Sweepline's
 * that is also in a run which was joined from others. Views are made anew when tables have changed, as they don't see new columns.
 */
export const VIEWS = [
  'CREATE OR REPLACE VIEW runs AS SELECT DISTINCT ON (run) * EXCLUDE (source) FROM run_parts ORDER BY run, source',
  `CREATE OR REPLACE VIEW results AS SELECT *,
    CASE origin WHEN 'sweepline' THEN session IS NOT NULL WHEN 'inferencex' THEN tput_per_gpu IS NOT NULL ELSE false END
    AND row_number() OVER (
      PARTITION BY CASE origin WHEN 'sweepline' THEN [session, point] ELSE [run] END, series, started_at,
        tput_per_gpu, median_ttft, median_e2el
      ORDER BY source, point
    ) > 1 AS is_duplicate FROM result_rows`,
];

export function createTable(name: TableName): string {
  const numbers = name === 'result_rows' ? RESULT_NUMBERS.map((key) => definition(key, DOUBLE)) : [];
  const columns = Object.entries<Column>(TABLES[name]).map(([key, column]) =>
    definition(key, typeOf(column)),
  );
  return `CREATE TABLE ${name} (${[...columns, ...numbers].join(', ')})`;
}

export function definition(key: string, type: DuckDBType): string {
  return `${quoted(key)} ${type.toString()}`;
}

/** As a name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
