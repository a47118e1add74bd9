import {
  ColumnNames,
  fitting,
  keysOf,
  numberIn,
  RESULT_NUMBERS,
  TABLES,
  type Column,
  type FileTree,
  type SourceRow,
  type TableName,
} from '@sweepline/store/rows';
import { measurementAt } from '../model/measurements.js';
import { asText } from './columns.js';
import type { Cell, Chosen, Row, Window } from './chosen.js';
import { pointsTable } from './points.js';

type ResultRow = Extract<SourceRow, { table: 'result_rows' }>;

/** Points of rows that were read from files, without an index. No two of the runs have the same name. */
export function givenPoints(rows: readonly SourceRow[], tree: FileTree): Chosen {
  const results = inOrder(rows.filter((row) => row.table === 'result_rows'));
  const cells = new Map<string, readonly Cell[]>();
  for (const [name, column] of Object.entries<Column>(TABLES.result_rows))
    cells.set(
      name,
      results.map((row) => cellOf(column, ownCell(row, name))),
    );
  cells.set(
    'is_duplicate',
    results.map(() => false),
  );
  const names = new ColumnNames(Object.keys(TABLES.result_rows));
  for (const key of new Set([...RESULT_NUMBERS, ...keysOf(results)]))
    cells.set(
      names.columnOf(key),
      results.map(({ numbers }) => numberIn(numbers, key) ?? null),
    );
  const ofTable = (table: TableName, columns: readonly string[]): readonly Row[] =>
    tableRows(rows, table, columns);
  const rowOf = new Map(results.map((row, at) => [keyOf(row.cells.run, row.cells.point), at]));
  const marks = placed(ofTable('marks', ['run', 'point', 'code']), rowOf);
  const chosen: Chosen = {
    ...{ columns: new Set(cells.keys()), points: results.length, tree },
    cells: (wanted, window) =>
      Promise.resolve(new Map(wanted.map((name) => [name, within(cells.get(name) ?? [], window)]))),
    marks() {
      const codes: string[][] = results.map(() => []);
      for (const [row, code] of marks) codes[row]?.push(asText(code) ?? '');
      return Promise.resolve(codes.map((list) => list.sort()));
    },
    ofPoints: (table, columns, [from, to]) =>
      Promise.resolve(
        placed(ofTable(table, ['run', 'point', ...columns]), rowOf).filter(
          ([row]) => row >= from && row < to,
        ),
      ),
    outputs() {
      const newest = new Map(results.map(({ cells: { run } }, at) => [run, at]));
      const outputs = ofTable('outputs', ['run', 'key', 'label', 'unit', 'better', 'definition']);
      const placeOf = ([run]: Row): number => newest.get(asText(run ?? null)) ?? -1;
      return Promise.resolve([...outputs].sort((a, b) => placeOf(a) - placeOf(b)).map((row) => row.slice(1)));
    },
    runs: () => Promise.resolve(runsOf(rows, results)),
    folders: () =>
      Promise.resolve(
        ofTable('run_parts', ['run', 'folder', 'started_at', 'origin']).filter(
          ([, , , origin]) => origin === 'sweepline',
        ),
      ),
    ofRuns(table, columns) {
      const keyOfRow = (row: Row): string => JSON.stringify([row[columns.indexOf('date')], row]);
      const found = [...ofTable(table, columns)].sort((a, b) => (keyOfRow(a) < keyOfRow(b) ? -1 : 1));
      return Promise.resolve(columns.map((_, at) => found.map((row) => row[at] ?? null)));
    },
    async measurements(metrics) {
      const points = await pointsTable(chosen);
      const metricOf = (row: number, key: string): number | undefined => {
        const value = cells.get(key)?.[row];
        return typeof value === 'number' ? value : undefined;
      };
      return results
        .map((_, row) => measurementAt(points, row, { but: [], metrics, metricOf }))
        .filter(({ isValid }) => isValid);
    },
  };
  return chosen;
}

function ownCell({ cells, identity }: ResultRow, name: string): string | number | boolean | undefined {
  const own: Readonly<Record<string, string | number | boolean | undefined>> = cells;
  const shared: Readonly<Record<string, string | number | boolean | undefined>> = identity ?? {};
  return own[name] ?? shared[name];
}

function cellOf({ type }: Column, cell: string | number | boolean | undefined): Cell {
  return fitting(type, cell) ?? null;
}

/** As the index orders them: the oldest first, what has no time last. */
function inOrder(rows: readonly ResultRow[]): readonly ResultRow[] {
  const timed = rows.map((row) => {
    const { started_at: began, finished_at: ended, run, point } = row.cells;
    const time = fitting('time', began) ?? fitting('time', ended) ?? '\uffff';
    return { row, key: [time, run, point].join('\u0000') };
  });
  return timed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

function tableRows(rows: readonly SourceRow[], table: TableName, names: readonly string[]): readonly Row[] {
  const columns: Readonly<Record<string, Column>> = TABLES[table];
  const types = names.map((name): Column => columns[name] ?? { type: 'text', what: '' });
  return rows
    .filter((row) => row.table === table)
    .map(({ cells, identity }) => {
      const all: Readonly<Record<string, string | number | boolean | undefined>> = {
        ...identity,
        ...given(cells),
      };
      return types.map((type, at) => cellOf(type, all[names[at] ?? '']));
    });
}

function given(cells: object): object {
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== undefined));
}

function keyOf(run: unknown, point: unknown): string {
  return JSON.stringify([run, point]);
}

/** Rows that begin with run and point, with the row of the point in their place, in its order. */
function placed(rows: readonly Row[], rowOf: ReadonlyMap<string, number>): readonly [number, ...Cell[]][] {
  return rows
    .flatMap(([run, point, ...rest]): [number, ...Cell[]][] => {
      const row = rowOf.get(keyOf(run, point));
      return row === undefined ? [] : [[row, ...rest]];
    })
    .sort(([a, ...left], [b, ...right]) => a - b || (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

function within<T>(values: readonly T[], window: Window | undefined): readonly T[] {
  return window === undefined ? values : values.slice(...window);
}

function runsOf(rows: readonly SourceRow[], results: readonly ResultRow[]): readonly Row[] {
  const parts = new Map(
    tableRows(rows, 'run_parts', ['run', 'state', 'started_at', 'url']).map(([run, ...rest]) => [run, rest]),
  );
  const counts = new Map<string, { readonly origin: Cell; count: number }>();
  for (const { cells } of results) {
    const run = String(cells.run);
    const known = counts.get(run) ?? { origin: cells.origin ?? null, count: 0 };
    known.count += 1;
    counts.set(run, known);
  }
  return [...counts].map(([run, { origin, count }]) => [
    ...[run, origin, count],
    ...(parts.get(run) ?? [null, null, null]),
  ]);
}
