import {
  BETWEEN_COLUMNS,
  CHANGELOG_COLUMNS,
  EVAL_COLUMNS,
  POINT_COLUMNS,
  REQUEST_COLUMNS,
  SAMPLE_COLUMNS,
  SITE_SCHEMA,
  type PointDetail,
  type SiteIndex,
  type SiteNoise,
} from '../../src/site/site-data.js';
import {
  flagColumn,
  numberColumn,
  textColumn,
  textsColumn,
  type ColumnData,
  type TableData,
} from '../../src/site/table.js';
import { HOSTILE } from './hostile.js';
import { writeSite } from './write-site.js';

const POINTS = 24;
const rows = Array.from({ length: POINTS }, (_, row) => row);
const hostileAt = (row: number): string => HOSTILE[row % HOSTILE.length]!;

/** Values that the page's own logic depends on; everything else that is text is hostile. */
const PLAIN: Readonly<Record<string, (row: number) => string>> = {
  state: (row) => ['completed', 'completed', 'failed', 'completed'][row % 4]!,
  origin: () => 'sweepline',
  started_at: () => '2026-11-01T00:00:00Z',
  finished_at: () => '2026-11-01T00:10:00Z',
  series: (row) => `${hostileAt(Math.floor(row / 4))} ${Math.floor(row / 4)}`,
  point: (row) => `${hostileAt(row)} ${row}`,
};

const METRICS = [
  'tput_per_gpu',
  'output_tput_per_gpu',
  'median_intvty',
  'median_ttft',
  'median_e2el',
  'p99_ttft',
];

/** Files of a site in which every text is somebody's attempt to run a script. */
export function hostileFiles(): ReadonlyMap<string, unknown> {
  const files = new Map<string, unknown>([
    ['index', index()],
    ['points', points()],
    ['between', between()],
    ['details/0', rows.map(detail)],
    ['noise', noise()],
    ['changelog', table(Object.fromEntries(CHANGELOG_COLUMNS.map((name) => [name, text()])))],
    ['evals', evals()],
    ['success', table({ run: text(), sku: text(), date: text(), n_success: count(1), total: count(2) })],
    ['requests/0', requests()],
    ['samples/0', samples()],
  ]);
  for (const [at, key] of METRICS.entries())
    files.set(`metrics/${at}`, {
      key,
      values: rows.map((row) => (row % 7 === 6 ? null : 10 * (at + 1) + row)),
    });
  return files;
}

function index(): SiteIndex {
  return {
    schema: SITE_SCHEMA,
    title: hostileAt(0),
    builtAt: '2026-11-01T00:00:00Z',
    sweepline: hostileAt(1),
    points: POINTS,
    runs: HOSTILE.map((run) => ({
      run,
      origin: 'sweepline',
      state: run,
      startedAt: run,
      url: run,
      points: 2,
    })),
    metrics: METRICS.map((key, at) => ({
      ...{ key, label: hostileAt(at), unit: hostileAt(at + 1), definition: hostileAt(at + 2) },
      ...{ better: 'higher', file: `metrics/${at}` },
    })),
    hardware: HOSTILE.map((sku) => ({
      ...{ sku, vendor: sku, device: sku, devicesPerNode: 8, memoryGiB: 80, tdpW: 700 },
      interconnect: { name: sku, gBps: 900, domain: 8 },
      pricePerHour: { [sku]: 1 },
      sources: [{ what: sku, url: sku, date: sku }],
    })),
    files: ['between', 'noise', 'changelog', 'evals', 'success'],
  };
}

function points(): TableData {
  return table({
    ...Object.fromEntries(
      POINT_COLUMNS.text.map((name) => [name, textColumn(rows.map(PLAIN[name] ?? hostileAt))]),
    ),
    ...Object.fromEntries(
      POINT_COLUMNS.number.map((name) => [name, numberColumn(rows.map((row) => row + 1))]),
    ),
    ...Object.fromEntries(
      POINT_COLUMNS.flag.map((name) => [name, flagColumn(rows.map(() => name === 'is_valid'))]),
    ),
    marks: textsColumn(rows.map((row) => [hostileAt(row)])),
  });
}

function between(): TableData {
  const values: Record<(typeof BETWEEN_COLUMNS)[number], ColumnData> = {
    row: numberColumn(rows),
    metric: textColumn(rows.map(() => 'tput_per_gpu')),
    low: numberColumn(rows.map((row) => 9 + row)),
    high: numberColumn(rows.map((row) => 11 + row)),
    runs: count(3),
    basis: textColumn(rows.map(() => 'repeats')),
    level: count(0.95),
  };
  return table(values);
}

function noise(): SiteNoise {
  const usual = [{ scale: 0.01, weight: 1 }];
  const cells = Object.fromEntries(HOSTILE.map((name) => [name, usual]));
  return {
    metrics: ['tput_per_gpu', 'median_intvty'].map((key) => ({
      ...{ key, label: hostileAt(2), better: 'higher', effect: 0.05, movedByStalls: true, decides: true },
      ...{ points: { degrees: 3, usual, cells, repeats: 20 }, runs: 2, nodes: 1 },
    })),
  };
}

function evals(): TableData {
  return table({
    ...Object.fromEntries(EVAL_COLUMNS.text.map((name) => [name, text()])),
    ...Object.fromEntries(EVAL_COLUMNS.number.map((name) => [name, count(0.5)])),
    ...Object.fromEntries(EVAL_COLUMNS.flag.map((name) => [name, flagColumn(rows.map(() => true))])),
  });
}

function requests(): TableData {
  return table(
    Object.fromEntries(
      REQUEST_COLUMNS.map((name) => [
        name,
        name === 'error' ? text() : numberColumn(rows.map((row) => row * 10)),
      ]),
    ),
  );
}

function samples(): TableData {
  return table(
    Object.fromEntries(
      SAMPLE_COLUMNS.map((name) => [
        name,
        name === 'ms' || name === 'value' ? numberColumn(rows.map((row) => row * 100)) : text(),
      ]),
    ),
  );
}

function detail(row: number): PointDetail {
  const hostile = hostileAt(row);
  const tree = { [hostile]: hostile, list: [hostile, { [hostile]: hostile }] };
  return {
    row,
    metrics: { tput_per_gpu: 10 + row, [hostile]: 1 },
    marks: [{ code: hostile, severity: hostile, message: hostile }],
    intervals: { tput_per_gpu: { low: 1, high: 2, covers: hostile } },
    error: { code: hostile, message: hostile, layer: hostile, hint: hostile, logTail: hostile },
    ...{ job: tree, plan: { image: hostile, argv: [hostile], env: tree, files: [tree] } },
    ...{ provenance: tree, load: tree, extra: tree, reproduce: ['npx', hostile] },
    logs: [{ role: hostile, replica: 0, rank: 0, tail: hostile }],
    ...{ hasRequests: row === 0, hasSamples: row === 0 },
  };
}

function text(): ColumnData {
  return textColumn(rows.map(hostileAt));
}

function count(value: number): ColumnData {
  return numberColumn(rows.map(() => value));
}

function table(columns: Readonly<Record<string, ColumnData>>): TableData {
  return { rows: POINTS, columns };
}

/** Writes the page with these files as its data, and names a point of it. */
export async function writeHostileSite(
  folder: string,
): Promise<{ readonly run: string; readonly point: string }> {
  await writeSite(folder, hostileFiles());
  return { run: hostileAt(0), point: PLAIN['point']!(0) };
}
