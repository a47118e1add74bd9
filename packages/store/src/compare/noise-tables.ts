import { BOOLEAN, DOUBLE, DuckDBDataChunk, INTEGER, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import { percentile } from '@sweepline/core';
import { grouped } from '../grouped.js';
import { definition, quoted } from '../index/sql-tables.js';
import { columnsOf } from '../index/table-writer.js';
import { select } from '../index/database.js';
import { given } from '../json.js';
import { textOf } from '../output/values.js';
import { effectOf, powerOf, worse } from './judge.js';
import { CELL, measurementsOf } from './measurements.js';
import type { ComparedMetric } from './compared-metrics.js';
import { usualMetrics } from './metrics.js';
import type { NoiseModel } from './noise-model.js';
import { learn, repeatsOf, type PointRepeat } from './repeats.js';
import { STALLS } from './stalls.js';

/**
 * A row is the noise of a metric in some hardware and framework, at one run against one. Shares: 0.05 is 5 %. What is not known is
 * missing. docs/store.md says what each column is.
 */
const NOISE = {
  ...{ metric: VARCHAR, cell: VARCHAR, is_stalled: BOOLEAN },
  ...{ repeats: INTEGER, runs: INTEGER, nodes: INTEGER },
  ...{ median_spread: DOUBLE, p90_spread: DOUBLE, p95_spread: DOUBLE, max_spread: DOUBLE },
  ...{ half_width: DOUBLE, effect: DOUBLE, detectable: DOUBLE, false_alarms: DOUBLE },
} as const;

type NoiseRow = Readonly<Partial<Record<keyof typeof NOISE, string | number | boolean>>>;

/** Statements that may ask for the tables, or for the names of all of them. */
const ASKS = /\b(noise|detectable|show|duckdb_\w+|information_schema)\b/i;

/**
 * Adds what a statement asks for and the index doesn't have: `noise`, as `sweepline compare` learns it from all results, and `detectable`.
 * They are temporary: where nobody asks, they cost nothing.
 */
export async function addNoise(connection: DuckDBConnection, sql: string): Promise<void> {
  if (!ASKS.test(sql) || (await hasNoise(connection))) return;
  const metrics = usualMetrics(new Set(await columnsOf(connection, 'results')));
  const columns = Object.entries(NOISE);
  await connection.run(
    `CREATE TEMP TABLE noise (${columns.map(([name, type]) => definition(name, type)).join(', ')})`,
  );
  await append(connection, await noiseRows(connection, metrics));
  await connection.run(`CREATE TEMP VIEW detectable AS ${detectableOf(metrics)}`);
}

/** A connection keeps its temporary tables. */
async function hasNoise(connection: DuckDBConnection): Promise<boolean> {
  const found = "SELECT 1 FROM duckdb_views() WHERE temporary AND view_name = 'detectable'";
  return (await select(connection, found)).length > 0;
}

async function append(connection: DuckDBConnection, rows: readonly NoiseRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(NOISE) as (keyof typeof NOISE)[];
  const appender = await connection.createAppender('noise', 'main', 'temp');
  for (let first = 0; first < rows.length; first += CHUNK) {
    const some = rows.slice(first, first + CHUNK);
    const chunk = DuckDBDataChunk.create(Object.values(NOISE), some.length);
    names.forEach((name, index) =>
      chunk.setColumnValues(
        index,
        some.map((row) => row[name] ?? null),
      ),
    );
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** Rows of a chunk: DuckDB's vectors have so many. */
const CHUNK = 2048;

/** Only what has been measured several times teaches noise. */
const REPEATED =
  'r.is_valid AND r.series IN (SELECT series FROM results WHERE is_valid GROUP BY series HAVING count(*) > 1)';

async function noiseRows(
  connection: DuckDBConnection,
  metrics: readonly ComparedMetric[],
): Promise<readonly NoiseRow[]> {
  const keys = metrics.map(({ key }) => key);
  const measurements = await measurementsOf(connection, keys, { where: REPEATED, isWithoutSettings: true });
  const cells = (await select(connection, CELLS)).map(([cell]) => textOf(cell));
  return metrics.flatMap((metric) => {
    const repeats = repeatsOf(measurements, metric);
    const { points, stalledPoints } = learn(repeats);
    const steady = grouped(
      repeats.filter(({ isStalled }) => !isStalled),
      cellOf,
    );
    const stalled = grouped(
      repeats.filter(({ isStalled }) => isStalled),
      cellOf,
    );
    return [
      ...cells.map((cell) => noiseRow(cell, steady.get(cell) ?? [], points, metric)),
      ...[...stalled].map(([cell, some]) => ({
        ...noiseRow(cell, some, stalledPoints, metric),
        ...{ is_stalled: true, detectable: undefined, false_alarms: undefined },
      })),
    ];
  });
}

const CELLS = `SELECT DISTINCT ${CELL} FROM results r WHERE r.is_valid ORDER BY 1`;

function cellOf({ cell }: PointRepeat): string {
  return cell;
}

function noiseRow(
  cell: string,
  repeats: readonly PointRepeat[],
  model: NoiseModel | undefined,
  metric: ComparedMetric,
): NoiseRow {
  const power = model && powerOf(model.noiseOf(cell), effectOf(metric));
  return {
    ...{ metric: metric.key, cell, is_stalled: false, effect: metric.effect },
    ...basisOf(repeats),
    ...(power && {
      half_width: Math.expm1(power.halfWidth),
      detectable: worse(power.detectable, metric),
      false_alarms: power.falseAlarms,
    }),
  };
}

function basisOf(repeats: readonly PointRepeat[]): NoiseRow {
  const measurements = repeats.flatMap(({ a, b }) => [a, b]);
  const nodes = measurements.flatMap(({ node }) => node ?? []);
  const spreads = repeats.map(({ difference }) => Math.expm1(Math.abs(difference)));
  return {
    ...{ repeats: repeats.length, runs: new Set(measurements.map(({ run }) => run)).size },
    ...given({
      nodes: nodes.length === 0 ? undefined : new Set(nodes).size,
      ...{ median_spread: percentile(spreads, 50), p90_spread: percentile(spreads, 90) },
      ...{ p95_spread: percentile(spreads, 95), max_spread: percentile(spreads, 100) },
    }),
  };
}

/** A row is a metric of a valid result. One with a stall is compared with nothing: what could be detected is missing. */
function detectableOf(metrics: readonly ComparedMetric[]): string {
  const hasStalled = `EXISTS (SELECT 1 FROM marks m WHERE m.source = r.source AND m.run = r.run AND m.point = r.point
    AND m.code IN (${STALLS.map((code) => `'${code}'`).join(', ')}))`;
  const of = ({ key, movedByStalls }: ComparedMetric): string =>
    `SELECT r.run, r.point, r.series, ${CELL} AS cell, '${key}' AS metric, r.${quoted(key)} AS value,
      ${movedByStalls ? hasStalled : 'false'} AS is_stalled
      FROM results r WHERE r.is_valid AND NOT coalesce(r.is_duplicate, false) AND r.${quoted(key)} > 0`;
  return `SELECT p.*, n.repeats, n.half_width, n.effect, n.detectable
    FROM (${metrics.map(of).join(' UNION ALL ')}) p
    LEFT JOIN noise n ON n.metric = p.metric AND n.cell = p.cell AND n.is_stalled = p.is_stalled`;
}
