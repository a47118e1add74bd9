import { select } from '../index/database.js';
import { textOf } from '../output/values.js';
import type { GateRun } from './rule.js';

/** What a rule compares with: what its settings name, or the last run before with a point of this one; undefined without one. */
export async function otherSide(run: GateRun, against: string): Promise<string | undefined> {
  return against === 'previous' ? previousOf(run) : against;
}

async function previousOf({ run, index }: GateRun): Promise<string | undefined> {
  const [row] = await select(index.connection, PREVIOUS, { run });
  return row === undefined ? undefined : textOf(row[0]);
}

const PREVIOUS = `
  WITH these AS (SELECT series, min(coalesce(started_at, finished_at)) AS since FROM results WHERE run = $run GROUP BY series)
  SELECT r.run FROM results r JOIN these t ON r.series = t.series
  WHERE r.run <> $run AND r.is_valid AND coalesce(r.started_at, r.finished_at) < t.since
  ORDER BY coalesce(r.started_at, r.finished_at) DESC, r.run DESC LIMIT 1`;
