import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { textOf } from '../output/values.js';
import { select } from './database.js';
import { definition, TABLES, typeOf, type Cell, type Column, type TableName } from './tables.js';

/** Rows of a chunk: DuckDB's vectors have so many. */
const CHUNK = 2048;

/** A row, with numbers by their own keys. */
export interface NewRow {
  readonly cells: Readonly<Record<string, Cell>>;
  readonly numbers?: Readonly<Record<string, number>>;
}

/** Appends rows to a table, and adds columns for numbers that it doesn't have yet. */
export class TableWriter {
  readonly #columns = new Map<string, DuckDBType>();
  /** Columns of numbers that rows have by their own keys. */
  readonly #numbers = new Set<string>();
  /** All names in lower case, as DuckDB compares them. */
  readonly #taken = new Set<string>();
  /** Columns that the table doesn't have yet. */
  readonly #added: string[] = [];
  #rows: NewRow[] = [];

  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly table: TableName,
  ) {}

  static async open(connection: DuckDBConnection, table: TableName): Promise<TableWriter> {
    const writer = new TableWriter(connection, table);
    const known: Readonly<Record<string, Column>> = TABLES[table];
    for (const name of await columnsOf(connection, table)) {
      const column = known[name];
      writer.#know(name, column === undefined ? DOUBLE : typeOf(column));
    }
    return writer;
  }

  async add(row: NewRow): Promise<void> {
    this.#rows.push(row);
    if (this.#rows.length >= CHUNK) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    const numbers = rows.map((row) => this.#byColumn(row));
    for (const name of this.#added.splice(0))
      await this.connection.run(`ALTER TABLE ${this.table} ADD COLUMN ${definition(name, DOUBLE)}`);
    const columns = [...this.#columns];
    const chunk = DuckDBDataChunk.create(
      columns.map(([, type]) => type),
      rows.length,
    );
    columns.forEach(([name, type], index) => {
      const cells = this.#numbers.has(name)
        ? numbers.map((of) => of.get(name))
        : rows.map((row) => row.cells[name]);
      chunk.setColumnValues(
        index,
        cells.map((cell) => toValue(cell, type)),
      );
    });
    const appender = await this.connection.createAppender(this.table);
    appender.appendDataChunk(chunk);
    appender.closeSync();
  }

  #byColumn({ numbers = {} }: NewRow): ReadonlyMap<string, number> {
    return new Map(Object.entries(numbers).map(([key, value]) => [this.#columnOf(key), value]));
  }

  /** Names that differ in case alone are one name in SQL, and those of the table are its own. */
  #columnOf(key: string): string {
    if (this.#numbers.has(key)) return key;
    if (this.#taken.has(key.toLowerCase())) return this.#columnOf(`metric_${key}`);
    this.#know(key, DOUBLE);
    this.#added.push(key);
    return key;
  }

  #know(name: string, type: DuckDBType): void {
    this.#columns.set(name, type);
    this.#taken.add(name.toLowerCase());
    if (!(name in TABLES[this.table])) this.#numbers.add(name);
  }
}

export async function columnsOf(connection: DuckDBConnection, table: string): Promise<readonly string[]> {
  const rows = await select(
    connection,
    'SELECT column_name FROM duckdb_columns() WHERE table_name = $table AND NOT internal ORDER BY column_index',
    { table },
  );
  return rows.map(([name]) => textOf(name));
}

const MOST_INTEGER = 2 ** 31 - 1;

/** What doesn't fit its column is missing. */
function toValue(cell: Cell, type: DuckDBType): DuckDBValue {
  if (cell === undefined) return null;
  switch (type.toString()) {
    case 'VARCHAR':
      return String(cell);
    case 'BOOLEAN':
      return typeof cell === 'boolean' ? cell : null;
    case 'TIMESTAMP':
      return timestamp(cell);
    case 'INTEGER':
      return Number.isInteger(cell) && Math.abs(cell as number) <= MOST_INTEGER ? cell : null;
    default:
      return typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
  }
}

function timestamp(cell: Cell): DuckDBTimestampValue | null {
  const ms = typeof cell === 'string' ? Date.parse(cell) : NaN;
  return Number.isNaN(ms) ? null : new DuckDBTimestampValue(BigInt(ms) * 1000n);
}
