import { measurementsOf } from '@sweepline/store/compare';
import { DISK } from '@sweepline/store/files';
import {
  choosePoints,
  columnsOf,
  MARKS,
  quoted,
  select,
  selectColumns,
  type Choice,
  type Database,
} from '@sweepline/store/read';
import type { Chosen } from './chosen.js';

/** Temporary table: the chosen rows of `results` once each, and `row`, their place from 0. */
const CHOSEN = 'chosen';

/** Points of a workspace's index. @throws {SweeplineError} USAGE for a filter or query that can't be answered */
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
  return { columns, points: Number(points), tree: DISK, ...queriesOf(connection, isAll) };
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

function queriesOf(
  connection: Database['connection'],
  isAll: boolean,
): Omit<Chosen, 'columns' | 'points' | 'tree'> {
  return {
    async cells(names, window) {
      if (names.length === 0) return new Map();
      const columns = await selectColumns(
        connection,
        `SELECT ${listOf(names)} FROM ${CHOSEN} WHERE ${whereOf(window)} ORDER BY "row"`,
      );
      return new Map(names.map((name, index) => [name, columns[index] ?? []]));
    },
    async marks() {
      const sql = `SELECT ${MARKS} FROM ${CHOSEN} r ORDER BY r."row"`;
      const [marks = []] = await selectColumns(connection, sql);
      return marks.map((codes) =>
        Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [],
      );
    },
    ofPoints: (table, names, window) => select(connection, joined(table, names, whereOf(window))),
    outputs: () => select(connection, OUTPUTS),
    runs: () => select(connection, RUNS),
    folders: () => select(connection, FOLDERS),
    ofRuns: (table, names) =>
      selectColumns(
        connection,
        `SELECT ${listOf(names)} FROM ${table} ${isAll ? '' : `WHERE run IN (SELECT run FROM ${CHOSEN})`}
          ORDER BY date, ${listOf(names)}`,
      ),
    measurements: (metrics) =>
      measurementsOf(connection, metrics, { where: 'r.is_valid', isWithoutSettings: true }),
  };
}

function listOf(names: readonly string[], table = ''): string {
  return names.map((name) => `${table}${quoted(name)}`).join(', ');
}

function whereOf(window: Parameters<Chosen['cells']>[1]): string {
  return window === undefined ? 'true' : `"row" >= ${window[0]} AND "row" < ${window[1]}`;
}

function joined(table: string, names: readonly string[], where: string): string {
  const list = listOf(names, 't.');
  return `SELECT c."row", ${list} FROM ${table} t
    JOIN (SELECT "row", source, run, point FROM ${CHOSEN} WHERE ${where}) c
      ON t.source = c.source AND t.run = c.run AND t.point = c.point
    ORDER BY c."row", ${list}`;
}

const OUTPUTS = `SELECT o.key, o.label, o.unit, o.better, o.definition FROM outputs o
  JOIN (SELECT run, source, max("row") AS newest FROM ${CHOSEN} GROUP BY ALL) c ON c.run = o.run AND c.source = o.source
  ORDER BY c.newest, o.key`;

const RUNS = `SELECT c.run, c.origin, c.points, r.state, r.started_at, r.url
  FROM (SELECT run, any_value(origin ORDER BY "row") AS origin, count(*) AS points, min("row") AS first FROM ${CHOSEN} GROUP BY run) c
  LEFT JOIN runs r ON r.run = c.run ORDER BY c.first`;

const FOLDERS = `SELECT DISTINCT p.run, p.folder, p.started_at FROM run_parts p WHERE p.origin = 'sweepline'
  AND p.run IN (SELECT run FROM ${CHOSEN}) ORDER BY p.started_at, p.run, p.folder`;
