import {
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  INTEGER,
  TIMESTAMP,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { textOf } from '../output/values.js';
import { select } from './database.js';
import type { SourceRow } from './rows.js';
import { isInteger, msOf } from './fitting.js';
import { ColumnNames, isNumber, keysOf, numberIn } from './number-columns.js';
import { definition, typeOf } from './sql-tables.js';
import { TABLES, type Cell, type Column, type Identity, type TableName } from './tables.js';

/** Rows of a chunk: DuckDB's vectors have so many. */
const CHUNK = 2048;

/** A row, and the number of its folder. */
type NewRow = Pick<SourceRow, 'identity' | 'numbers'> & {
  readonly cells: Readonly<Record<string, Cell>>;
  readonly source?: number;
};

/** Appends rows to a table, and adds columns for numbers that it doesn't have yet. */
export class TableWriter {
  readonly #columns = new Map<string, DuckDBType>();
  readonly #names: ColumnNames;
  /** Columns that the table doesn't have yet. */
  readonly #added: string[] = [];
  #rows: NewRow[] = [];

  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly table: TableName,
  ) {
    this.#names = new ColumnNames(Object.keys(TABLES[table]));
  }

  static async open(connection: DuckDBConnection, table: TableName): Promise<TableWriter> {
    const writer = new TableWriter(connection, table);
    const known: Readonly<Record<string, Column>> = TABLES[table];
    for (const name of await columnsOf(connection, table)) {
      const column = known[name];
      writer.#columns.set(name, column === undefined ? DOUBLE : typeOf(column));
      if (column === undefined) writer.#names.know(name);
    }
    return writer;
  }

  /** @returns whether it is time to flush */
  add(row: NewRow): boolean {
    return this.#rows.push(row) >= CHUNK;
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    const keys = new Map([...keysOf(rows)].map((key) => [this.#columnOf(key), key]));
    await this.#addColumns();
    const columns = [...this.#columns];
    const chunk = DuckDBDataChunk.create(
      columns.map(([, type]) => type),
      rows.length,
    );
    columns.forEach(([name, type], index) => {
      const key = keys.get(name);
      const toValue = valueFor(type);
      const values = this.#names.hasNumbers(name)
        ? rows.map(({ numbers }) => (key === undefined ? null : (numberIn(numbers, key) ?? null)))
        : rows.map((row) => toValue(cellOf(row, name)));
      chunk.setColumnValues(index, values);
    });
    const appender = await this.connection.createAppender(this.table);
    appender.appendDataChunk(chunk);
    appender.closeSync();
  }

  /**
   * A transaction that has changed rows of a table can't add columns to it as well, so it is committed before: until all is written, the
   * file is a copy that nobody reads.
   */
  async #addColumns(): Promise<void> {
    const added = this.#added.splice(0);
    if (added.length === 0) return;
    await this.connection.run('COMMIT');
    for (const name of added)
      await this.connection.run(`ALTER TABLE ${this.table} ADD COLUMN ${definition(name, DOUBLE)}`);
    await this.connection.run('BEGIN');
  }

  #columnOf(key: string): string {
    const name = this.#names.columnOf(key);
    if (!this.#columns.has(name)) {
      this.#columns.set(name, DOUBLE);
      this.#added.push(name);
    }
    return name;
  }
}

function cellOf({ cells, identity, source }: NewRow, name: string): Cell {
  if (name === 'source') return source;
  return cells[name] ?? identity?.[name as keyof Identity];
}

export async function columnsOf(connection: DuckDBConnection, table: string): Promise<readonly string[]> {
  const rows = await select(
    connection,
    'SELECT column_name FROM duckdb_columns() WHERE table_name = $table AND NOT internal ORDER BY column_index',
    { table },
  );
  return rows.map(([name]) => textOf(name));
}

/** What doesn't fit its column is missing. */
function valueFor(type: DuckDBType): (cell: Cell) => DuckDBValue {
  switch (type) {
    case VARCHAR:
      return (cell) => (cell === undefined ? null : String(cell));
    case BOOLEAN:
      return (cell) => (typeof cell === 'boolean' ? cell : null);
    case TIMESTAMP:
      return timestamp;
    case INTEGER:
      return (cell) => (isInteger(cell) ? cell : null);
    default:
      return (cell) => (isNumber(cell) ? cell : null);
  }
}

function timestamp(cell: Cell): DuckDBTimestampValue | null {
  const ms = msOf(cell);
  return ms === undefined ? null : new DuckDBTimestampValue(BigInt(ms) * 1000n);
}
