import type { FileTree } from '@sweepline/store/rows';
import type { Measurement } from '@sweepline/store/judge';

/** A value of a column. */
export type Cell = string | number | boolean | null | object;
export type Row = readonly Cell[];

/**
 * Points that a site is made of, in the order of its rows: the oldest first. They are those of a workspace's index (`indexed.ts`) or of
 * files that were read (`given.ts`).
 */
export interface Chosen {
  /** Columns of the store's `results` that there are. */
  readonly columns: ReadonlySet<string>;
  readonly points: number;
  /** Where the files of its points are. */
  readonly tree: FileTree;
  /** Columns by their names, which must be some of `columns`: of all rows, or of those in a window. */
  cells(names: readonly string[], window?: Window): Promise<ReadonlyMap<string, readonly Cell[]>>;
  /** Codes of marks by row, in the order of the codes. */
  marks(): Promise<readonly (readonly string[])[]>;
  /** Columns of the store's `marks` or `intervals`, each row with the point's row before them, in this order. */
  ofPoints(table: 'marks' | 'intervals', names: readonly string[], window: Window): Promise<readonly Row[]>;
  /** `key`, `label`, `unit`, `better`, `definition` of metrics, as runs say; those of the newest run last. */
  outputs(): Promise<readonly Row[]>;
  /** `run`, `origin`, points, `state`, `started_at`, `url` of runs that have points, the oldest first. */
  runs(): Promise<readonly Row[]>;
  /** `run`, `folder`, `started_at` of Sweepline's runs, the oldest first. */
  folders(): Promise<readonly Row[]>;
  /** Columns of a table whose rows belong to runs, in the order of their dates: of the runs that have points, or of all where all are chosen. */
  ofRuns(table: 'evals' | 'success', names: readonly string[]): Promise<readonly (readonly Cell[])[]>;
  /** Valid measurements that noise is learnt from, the oldest first: also those that are not chosen. */
  measurements(metrics: readonly string[]): Promise<readonly Measurement[]>;
}

/** Rows from the first to before the second. */
export type Window = readonly [from: number, to: number];

const CHUNK = 10_000;

/** Columns of the chosen rows, those that the store doesn't have left out. */
export function namesIn(columns: ReadonlySet<string>, names: readonly string[]): readonly string[] {
  return names.filter((name) => columns.has(name));
}

/** Parts of the rows that are read one after the other. */
export function* windowsOf(points: number, size = CHUNK): Iterable<Window> {
  for (let from = 0; from < points; from += size) yield [from, Math.min(points, from + size)];
}
