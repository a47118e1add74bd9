import type { DuckDBConnection } from '@duckdb/node-api';
import { object, type Json } from '../json.js';
import { ask } from '../index/ask.js';
import { IDENTITY_KEYS, TABLES } from '../index/tables.js';
import { objectsOf } from '../output/answer.js';

/** All that the index has of a run. */
export interface RunRows {
  readonly run: string;
  /** Of runs of Sweepline's. */
  readonly folder: string | undefined;
  readonly state: string | undefined;
  readonly results: readonly Json[];
  readonly evals: readonly Json[];
  /** Jobs by hardware, of what was imported. */
  readonly success: readonly Json[];
}

export async function readRunRows(
  connection: DuckDBConnection,
  run: string,
  signal: AbortSignal,
): Promise<RunRows> {
  const rowsOf = async (sql: string): Promise<readonly Json[]> =>
    objectsOf(await ask(connection, sql, [run], signal));
  const [own] = await rowsOf("SELECT folder, state FROM run_parts WHERE run = $1 AND origin = 'sweepline'");
  return {
    run,
    folder: own?.['folder'] as string | undefined,
    state: own?.['state'] as string | undefined,
    results: await rowsOf('SELECT * FROM results WHERE run = $1 ORDER BY source, point'),
    evals: await rowsOf('SELECT * FROM evals WHERE run = $1 ORDER BY source, file, task, conc'),
    success: await rowsOf('SELECT sku, n_success, total FROM success WHERE run = $1 ORDER BY source, sku'),
  };
}

/** Keys of a row of the index that are no numbers of its own. */
const FIXED: ReadonlySet<string> = new Set([...Object.keys(TABLES.result_rows), 'source', 'is_duplicate']);

/**
 * The row of InferenceX's that an imported one was, from what the index has of it: who it describes, its numbers, and what is in no
 * column. The dashboard's rows name a model by its prefix alone.
 */
export function importedRow(row: Json): Json {
  const { sku: _, ...identity } = Object.fromEntries(
    Object.entries(row).filter(([key]) => IDENTITY_KEYS.has(key)),
  );
  const numbers = Object.fromEntries(Object.entries(row).filter(([key]) => !FIXED.has(key)));
  const prefix = identity['infmax_model_prefix'];
  return {
    ...(prefix === undefined ? {} : { model: prefix }),
    ...identity,
    ...numbers,
    ...extraOf(row),
  };
}

/** The row of a score that was imported. */
export function importedEval(row: Json): Json {
  const own = Object.entries(row).filter(([key]) => key !== 'source');
  return { ...Object.fromEntries(own), ...extraOf(row) };
}

function extraOf({ extra }: Json): Json {
  return typeof extra === 'string' ? object(JSON.parse(extra)) : {};
}
