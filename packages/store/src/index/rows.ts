import type { RowOf, TableName } from './tables.js';

/** A row of any table. Numbers of `results` by their own keys stand beside its cells. */
export type SourceRow = {
  readonly [T in TableName]: {
    readonly table: T;
    readonly cells: RowOf<T>;
    readonly numbers?: Readonly<Record<string, number>>;
  };
}[TableName];

/** A folder whose files the index shows. */
export interface Source {
  readonly folder: string;
  readonly kind: 'run' | 'import';
  /** By which a change is seen, without reading. */
  readonly state: string;
  /** Reads it; what it can't read of it, it yields as a problem, in words. */
  rows(): AsyncIterable<SourceRow | Problem>;
}

export interface Problem {
  readonly problem: string;
}
