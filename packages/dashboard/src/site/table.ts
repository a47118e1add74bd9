/** Tables of a site's data: a column each, so that a view loads the columns that it shows. Missing is missing, never 0. */
export type ColumnData =
  | { readonly type: 'number'; readonly values: readonly (number | null)[] }
  | { readonly type: 'flag'; readonly values: readonly (boolean | null)[] }
  /** `codes` are indices into `names`; null where it is missing. */
  | { readonly type: 'text'; readonly names: readonly string[]; readonly codes: readonly (number | null)[] }
  /** Several texts per row, such as the marks of a point. */
  | {
      readonly type: 'texts';
      readonly names: readonly string[];
      readonly codes: readonly (readonly number[])[];
    };

export interface TableData {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnData>>;
}

export type CellValue = number | boolean | string | readonly string[] | undefined;

/** @throws {RangeError} if the table has no such column. */
export function columnOf(table: TableData, name: string): ColumnData {
  const column = table.columns[name];
  if (column === undefined) throw new RangeError(`no column ${name}`);
  return column;
}

export function cellOf(column: ColumnData, row: number): CellValue {
  if (column.type === 'text') return named(column.names, column.codes[row]);
  if (column.type === 'texts') return (column.codes[row] ?? []).flatMap((code) => column.names[code] ?? []);
  return column.values[row] ?? undefined;
}

/** Numbers of a column as they are drawn: NaN where one is missing. */
export function numbersOf(column: ColumnData): Float64Array {
  if (column.type !== 'number') throw new RangeError(`a column of ${column.type} has no numbers`);
  return Float64Array.from(column.values, (value) => value ?? NaN);
}

export function textColumn(values: Iterable<string | undefined>): ColumnData {
  const codes = new Map<string, number>();
  const rows = Array.from(values, (value) => (value === undefined ? null : codeOf(codes, value)));
  return { type: 'text', names: [...codes.keys()], codes: rows };
}

export function textsColumn(values: Iterable<readonly string[]>): ColumnData {
  const codes = new Map<string, number>();
  const rows = Array.from(values, (texts) => texts.map((text) => codeOf(codes, text)));
  return { type: 'texts', names: [...codes.keys()], codes: rows };
}

/** What isn't finite is missing: JSON has no place for it. */
export function numberColumn(values: Iterable<number | undefined>): ColumnData {
  const finite = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return { type: 'number', values: Array.from(values, finite) };
}

export function flagColumn(values: Iterable<boolean | undefined>): ColumnData {
  return { type: 'flag', values: Array.from(values, (value) => value ?? null) };
}

function named(names: readonly string[], code: number | null | undefined): string | undefined {
  return code === null || code === undefined ? undefined : names[code];
}

function codeOf(codes: Map<string, number>, text: string): number {
  const known = codes.get(text);
  if (known !== undefined) return known;
  codes.set(text, codes.size);
  return codes.size - 1;
}
