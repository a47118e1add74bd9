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
import type { Json } from '../json.js';
import type { SourceRow } from './rows.js';
import { definition, typeOf } from './sql-tables.js';
import { IDENTITY_KEYS, TABLES, type Cell, type Column, type Identity, type TableName } from './tables.js';

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
      const values = this.#numbers.has(name)
        ? rows.map(({ numbers }) => (key === undefined ? null : numberIn(numbers, key)))
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

function cellOf({ cells, identity, source }: NewRow, name: string): Cell {
  if (name === 'source') return source;
  return cells[name] ?? identity?.[name as keyof Identity];
}

function numberIn(objects: readonly Json[] | undefined, key: string): number | null {
  for (let index = (objects?.length ?? 0) - 1; index >= 0; index -= 1) {
    const value = objects?.[index]?.[key];
    if (isNumber(value)) return value;
  }
  return null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** What may be the name of a column. */
const NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** Keys of numbers that are not part of a row's identity. */
function keysOf(rows: readonly NewRow[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { numbers = [] } of rows)
    for (const object of numbers)
      for (const key in object)
        if (isNumber(object[key]) && !IDENTITY_KEYS.has(key) && NAME.test(key)) keys.add(key);
  return keys;
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

function isInteger(cell: Cell): cell is number {
  return Number.isInteger(cell) && Math.abs(cell as number) <= MOST_INTEGER;
}

function timestamp(cell: Cell): DuckDBTimestampValue | null {
  const ms = typeof cell === 'string' ? Date.parse(cell) : NaN;
  return Number.isNaN(ms) ? null : new DuckDBTimestampValue(BigInt(ms) * 1000n);
}
