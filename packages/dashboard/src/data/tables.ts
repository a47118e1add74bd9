import { TABLES } from '@sweepline/store/rows';
import type { TableData } from '../site/table.js';
import type { Chosen } from './chosen.js';
import { columnData } from './columns.js';

/** Columns that say where the store read something. */
const PLACES: ReadonlySet<string> = new Set(['source', 'file']);

/** A table of the store whose rows belong to runs: of all runs, or of those that have chosen points. Undefined where it has none. */
export async function tableOf(name: 'evals' | 'success', chosen: Chosen): Promise<TableData | undefined> {
  const columns = Object.entries(TABLES[name]).filter(([key]) => !PLACES.has(key));
  const cells = await chosen.ofRuns(
    name,
    columns.map(([key]) => key),
  );
  const rows = cells[0]?.length ?? 0;
  if (rows === 0) return undefined;
  return {
    rows,
    columns: Object.fromEntries(
      columns.map(([key, { type }], index) => [key, columnData(type, cells[index] ?? [])]),
    ),
  };
}
