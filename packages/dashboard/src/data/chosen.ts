import { choosePoints, columnsOf, quoted, select, type Choice, type Database } from '@sweepline/store/read';

/** Points of a site, in the order of its rows: the oldest first. */
export interface Chosen {
  readonly connection: Database['connection'];
  /** Columns of the store's `results`. */
  readonly columns: ReadonlySet<string>;
  readonly points: number;
  /** Whether nothing was left out. */
  readonly isAll: boolean;
}

/** Temporary table: the chosen rows of `results` once each, and `row`, their place from 0. */
export const CHOSEN = 'chosen';

const CHUNK = 10_000;

/** @throws {SweeplineError} USAGE for a filter or query that can't be answered */
export async function choose({ connection }: Database, choice: Choice, signal: AbortSignal): Promise<Chosen> {
  const isAll = choice.query === undefined && choice.filters.length === 0;
  const columns = new Set(await columnsOf(connection, 'results'));
  await connection.run('CREATE TEMP TABLE wanted (run VARCHAR, point VARCHAR)');
  if (!isAll) await want(connection, await choosePoints(connection, choice, signal));
  await connection.run(
    `CREATE TEMP TABLE ${CHOSEN} AS
      SELECT row_number() OVER (ORDER BY coalesce(started_at, finished_at) NULLS LAST, run, point, source) - 1 AS "row", *
      FROM results r WHERE NOT coalesce(is_duplicate, false)
      ${isAll ? '' : 'AND EXISTS (SELECT 1 FROM wanted w WHERE w.run = r.run AND w.point = r.point)'}
      ORDER BY "row"`,
  );
  const [[points] = []] = await select(connection, `SELECT count(*) FROM ${CHOSEN}`);
  return { connection, columns, points: Number(points), isAll };
}

async function want(
  connection: Database['connection'],
  chosen: Awaited<ReturnType<typeof choosePoints>>,
): Promise<void> {
  const names = [...chosen].flatMap(([run, points]) => [...points].map((point) => [run, point] as const));
  const appender = await connection.createAppender('wanted', undefined, 'temp');
  for (const [run, point] of names) {
    appender.appendVarchar(run);
    appender.appendVarchar(point);
    appender.endRow();
  }
  appender.closeSync();
}

/** Columns of the chosen rows, those that the store doesn't have left out. */
export function namesIn(columns: ReadonlySet<string>, names: readonly string[]): readonly string[] {
  return names.filter((name) => columns.has(name));
}

/** A SELECT of columns of the chosen rows, in their order. */
export function selectOf(names: readonly string[], where = 'true'): string {
  return `SELECT ${names.map(quoted).join(', ')} FROM ${CHOSEN} WHERE ${where} ORDER BY "row"`;
}

/** Begin and end of parts of the rows that are read one after the other. */
export function* windowsOf(points: number, size = CHUNK): Iterable<readonly [from: number, to: number]> {
  for (let from = 0; from < points; from += size) yield [from, Math.min(points, from + size)];
}
