import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../index/database.js';
import { MARKS } from '../index/select-results.js';
import { quoted } from '../index/sql-tables.js';
import { CURVE, measurementOf, SIZES, SOFTWARE, type Measurement } from './measurement.js';

/** Hardware and framework of `r`, a row of `results`. */
export const CELL = "trim(concat(coalesce(nullif(r.sku, ''), 'endpoint'), ' ', r.framework))";

export interface Wanted {
  /** Condition on `r`, a row of `results`, and the values that it names. */
  readonly where?: string;
  readonly values?: Readonly<Record<string, string>>;
  /** Without what settings are compared by: it is most of what a result has, and noise is learnt without it. */
  readonly isWithoutSettings?: boolean;
}

/**
 * Results of an index, the oldest first; what was imported twice once.
 * @param metrics columns of `results`
 */
export async function measurementsOf(
  connection: DuckDBConnection,
  metrics: readonly string[],
  { where = 'true', values = {}, isWithoutSettings = false }: Wanted = {},
): Promise<readonly Measurement[]> {
  const columns = [
    ...new Set([...PLAIN, ...(isWithoutSettings ? [] : SETTINGS), ...CURVE, ...SOFTWARE, ...SIZES]),
    ...['image', 'conc', 'rate'],
  ];
  const rows = await select(
    connection,
    `SELECT ${columns.map((name) => `r.${quoted(name)}`).join(', ')}, ${CELL} AS cell, ${MARKS} AS marks
      ${metrics.map((key) => `, r.${quoted(key)}`).join('')}
      FROM results r WHERE NOT coalesce(is_duplicate, false) AND (${where})
      ORDER BY coalesce(started_at, finished_at), run, point`,
    values,
  );
  const at = new Map([...columns, 'cell', 'marks', ...metrics].map((name, index) => [name, index]));
  return rows.map((row) => measurementOf((name) => row[at.get(name) ?? -1] ?? null, metrics));
}

const PLAIN = ['run', 'point', 'repeat', 'series', 'node', 'state', 'is_valid', 'error', 'layer'] as const;
const SETTINGS = ['file', 'job', 'provenance', 'extra'] as const;
