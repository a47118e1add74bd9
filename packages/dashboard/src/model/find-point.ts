import type { TableData } from '../site/table.js';
import { rowsOf, textAt } from './cells.js';

/** Rows of the point of that name in a run; more than one if it was imported from several files. */
export function findPoints(points: TableData, run: string, point: string): readonly number[] {
  return rowsOf(points).filter(
    (row) => textAt(points, 'point', row) === point && textAt(points, 'run', row) === run,
  );
}

export interface Relatives {
  /** Other measurements of the same point in its run. */
  readonly repeats: readonly number[];
  /** The same series in other runs: all is the same but image and versions. */
  readonly elsewhere: readonly number[];
}

export function relativesOf(points: TableData, row: number): Relatives {
  const of = (name: string, other: number): string | undefined => textAt(points, name, other);
  const [run, series, repeatOf] = [of('run', row), of('series', row), of('repeat_of', row)];
  const others = rowsOf(points).filter((other) => other !== row);
  return {
    repeats:
      repeatOf === undefined
        ? []
        : others.filter((other) => of('repeat_of', other) === repeatOf && of('run', other) === run),
    elsewhere:
      series === undefined
        ? []
        : others.filter((other) => of('series', other) === series && of('run', other) !== run),
  };
}
