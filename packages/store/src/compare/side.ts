import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SweeplineError } from '@sweepline/core';
import type { Database } from '../index/database.js';
import { selectResults } from '../index/select-results.js';
import { columnsOf } from '../index/table-writer.js';
import { ask } from '../index/ask.js';
import { addNoise } from './noise-tables.js';
import { pointsIn } from '../index/points-in.js';

/** What is compared: keys of its results, and how it is called. */
export interface Side {
  readonly name: string;
  /** `run point`, as JSON arrays. */
  readonly keys: ReadonlySet<string>;
}

const DAY = String.raw`\d{4}-\d\d-\d\d`;
const DATES = new RegExp(`^(${DAY})?\\.\\.(${DAY})?$`);
const OPERATOR = /[=<>]/;

export function keyOf(run: string, point: string): string {
  return JSON.stringify([run, point]);
}

/**
 * Finds the results that are meant: a run or an import by its name or its folder, days as `2026-01-01..2026-01-07`, filters as
 * `sweepline results` takes them with spaces between them, or a SELECT of `run` and `point`.
 * @throws {SweeplineError} USAGE for what has no results
 */
export async function findSide(
  index: Database,
  given: string,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<Side> {
  const { sql, values } = await selectOf(index, given.trim(), cwd);
  await addNoise(index.connection, sql);
  const points = pointsIn(await ask(index.connection, sql, values, signal));
  if (points.length === 0) throw usage(`no results are meant by ${given}`);
  return { name: given, keys: new Set(points.map(({ run, point }) => keyOf(run, point))) };
}

async function selectOf(
  index: Database,
  given: string,
  cwd: string,
): Promise<{ readonly sql: string; readonly values: readonly string[] }> {
  if (/^(select|from|with)\s/i.test(given)) return { sql: given, values: [] };
  const dates = DATES.exec(given);
  const known = await columnsOf(index.connection, 'results');
  const time = 'coalesce(started_at, finished_at)';
  const select = 'SELECT run, point FROM results';
  if (dates !== null) {
    const [, from, to] = dates;
    return {
      sql: `${select} WHERE ${time} >= CAST($1 AS DATE) AND ${time} < CAST($2 AS DATE) + INTERVAL 1 DAY`,
      values: [from ?? '0001-01-01', to ?? '9999-01-01'],
    };
  }
  if (OPERATOR.test(given))
    return selectResults(known, {
      filters: given.split(/\s+/),
      columns: ['run', 'point'],
      sort: [],
      limit: undefined,
    });
  return { sql: `${select} WHERE run = $1`, values: [await runNameOf(given, cwd)] };
}

/** The name of a run's folder is its own; so is that of an import. */
export async function runNameOf(given: string, cwd: string): Promise<string> {
  const path = resolve(cwd, given);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? basename(path) : given;
}

function usage(message: string): SweeplineError {
  return new SweeplineError('USAGE', message, {
    hint: 'Name a run or its folder, days (2026-01-01..2026-01-07), filters ("sku=b200 conc>=64"), or a SELECT of run and point.',
  });
}
