import { SweeplineError } from '@sweepline/core';
import { select, type Database } from '../index/database.js';
import { textOf } from '../output/values.js';

/** What stands for the last run before with a point of the one that is judged. */
export const PREVIOUS = 'previous';

/** What a run is compared with: what is named, or the last run before with a point of this one; undefined without one. */
export async function otherSide(index: Database, run: string, against: string): Promise<string | undefined> {
  if (against !== PREVIOUS) return against;
  const [row] = await select(index.connection, SQL, { run });
  return row === undefined ? undefined : textOf(row[0]);
}

/** @throws {SweeplineError} USAGE without one */
export async function sideBefore(index: Database, run: string, against: string): Promise<string> {
  const other = await otherSide(index, run, against);
  if (other === undefined) throw new SweeplineError('USAGE', `no run before has a point of ${run}`);
  return other;
}

const SQL = `
  WITH these AS (SELECT series, min(coalesce(started_at, finished_at)) AS since FROM results WHERE run = $run GROUP BY series)
  SELECT r.run FROM results r JOIN these t ON r.series = t.series
  WHERE r.run <> $run AND r.is_valid AND coalesce(r.started_at, r.finished_at) < t.since
  ORDER BY coalesce(r.started_at, r.finished_at) DESC, r.run DESC LIMIT 1`;
