import { SweeplineError } from '@sweepline/core';
import type { Answer } from '../output/answer.js';

/** Name of a point, with that of its run. */
export interface NamedPoint {
  readonly run: string;
  readonly point: string;
}

/** Points that a query names. @throws {SweeplineError} USAGE where it has no columns `run` and `point`, or names none in a row */
export function pointsIn({ columns, rows }: Answer): readonly NamedPoint[] {
  const [runAt, pointAt] = [columns.indexOf('run'), columns.indexOf('point')];
  if (runAt < 0 || pointAt < 0)
    throw new SweeplineError(
      'USAGE',
      `the query does not select run and point: its rows have no column ${runAt < 0 ? 'run' : 'point'}`,
      {
        hint: 'Begin it with SELECT run, point FROM results.',
      },
    );
  return rows.map((row) => {
    const [run, point] = [row[runAt], row[pointAt]];
    if (typeof run !== 'string' || typeof point !== 'string')
      throw new SweeplineError('USAGE', 'a row of the query names no run or no point');
    return { run, point };
  });
}
