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

/** The rows of a table in another order: each of `order` is a row of it. */
export function reordered({ columns }: TableData, order: readonly number[]): TableData {
  return {
    rows: order.length,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, reorderedColumn(column, order)]),
    ),
  };
}

function reorderedColumn(column: ColumnData, order: readonly number[]): ColumnData {
  switch (column.type) {
    case 'number':
      return { ...column, values: order.map((row) => column.values[row] ?? null) };
    case 'flag':
      return { ...column, values: order.map((row) => column.values[row] ?? null) };
    case 'text':
      return { ...column, codes: order.map((row) => column.codes[row] ?? null) };
    case 'texts':
      return { ...column, codes: order.map((row) => column.codes[row] ?? []) };
  }
}
