import {
  cellOf,
  flagColumn,
  numberColumn,
  textColumn,
  textsColumn,
  type ColumnData,
  type TableData,
} from './table.js';

/** Rows of a table, and those of another after them. What one of them has no column for is missing in its rows. */
export function joinedTables(a: TableData, b: TableData): TableData {
  const names = new Set([...Object.keys(a.columns), ...Object.keys(b.columns)]);
  return {
    rows: a.rows + b.rows,
    columns: Object.fromEntries(
      [...names].flatMap((name) => {
        const type = (a.columns[name] ?? b.columns[name])?.type;
        return type === undefined ? [] : [[name, joinedColumn(type, [a, b], name)] as const];
      }),
    ),
  };
}

function joinedColumn(type: ColumnData['type'], tables: readonly TableData[], name: string): ColumnData {
  const cells = tables.flatMap(({ rows, columns }) => {
    const column = columns[name];
    return Array.from({ length: rows }, (_, row) =>
      column?.type === type ? cellOf(column, row) : undefined,
    );
  });
  switch (type) {
    case 'number':
      return numberColumn(cells.map((cell) => (typeof cell === 'number' ? cell : undefined)));
    case 'flag':
      return flagColumn(cells.map((cell) => (typeof cell === 'boolean' ? cell : undefined)));
    case 'text':
      return textColumn(cells.map((cell) => (typeof cell === 'string' ? cell : undefined)));
    case 'texts':
      return textsColumn(cells.map((cell) => (typeof cell === 'object' ? cell : [])));
  }
}
