import { cellOf, type TableData } from '../site/table.js';

/** Cells of a table; undefined where one is missing, the table has no such column, or it is of another type. */
export function textAt(table: TableData, name: string, row: number): string | undefined {
  const column = table.columns[name];
  const cell = column?.type === 'text' ? cellOf(column, row) : undefined;
  return typeof cell === 'string' ? cell : undefined;
}

export function numberAt(table: TableData, name: string, row: number): number | undefined {
  const column = table.columns[name];
  return column?.type === 'number' ? (column.values[row] ?? undefined) : undefined;
}

export function flagAt(table: TableData, name: string, row: number): boolean | undefined {
  const column = table.columns[name];
  return column?.type === 'flag' ? (column.values[row] ?? undefined) : undefined;
}

export function textsAt(table: TableData, name: string, row: number): readonly string[] {
  const column = table.columns[name];
  const cell = column?.type === 'texts' ? cellOf(column, row) : undefined;
  return Array.isArray(cell) ? (cell as readonly string[]) : [];
}

export function rowsOf(table: TableData): readonly number[] {
  return Array.from({ length: table.rows }, (_, row) => row);
}
