import type { Json } from '../json.js';
import type { Identity, RowOf, TableName } from './tables.js';

/** A row of any table, in parts, as copying them into one takes longer than all else. */
export type SourceRow = {
  readonly [T in TableName]: {
    readonly table: T;
    readonly cells: RowOf<T>;
    /** Cells as well, where `cells` has none of their names. */
    readonly identity?: Identity;
    /** Objects whose numbers become columns by their own keys; the last that has one counts. */
    readonly numbers?: readonly Json[];
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
