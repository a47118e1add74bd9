import { selectColumns, type Column, type Database } from '@sweepline/store/read';
import { flagColumn, numberColumn, textColumn, type ColumnData } from '../site/table.js';

/** A value of a query. */
export type Cell = Awaited<ReturnType<typeof selectColumns>>[number][number];

export async function columnsBy(
  connection: Database['connection'],
  names: readonly string[],
  sql: string,
): Promise<ReadonlyMap<string, readonly Cell[]>> {
  if (names.length === 0) return new Map();
  const columns = await selectColumns(connection, sql);
  return new Map(names.map((name, index) => [name, columns[index] ?? []]));
}

export function asText(cell: Cell | undefined): string | undefined {
  return typeof cell === 'string' && cell !== '' ? cell : undefined;
}

export function asNumber(cell: Cell | undefined): number | undefined {
  return typeof cell === 'number' ? cell : undefined;
}

export function asFlag(cell: Cell | undefined): boolean | undefined {
  return typeof cell === 'boolean' ? cell : undefined;
}

/** Cells of a column of the store as the site has them. */
export function columnData(type: Column['type'], cells: readonly Cell[]): ColumnData {
  if (type === 'flag') return flagColumn(cells.map(asFlag));
  return type === 'text' || type === 'time'
    ? textColumn(cells.map(asText))
    : numberColumn(cells.map(asNumber));
}
