import { POINT_COLUMNS, SITE_SCHEMA, type PointDetail, type SiteIndex } from '../../src/site/site-data.js';
import {
  flagColumn,
  numberColumn,
  textColumn,
  textsColumn,
  type ColumnData,
  type TableData,
} from '../../src/site/table.js';
import { writeSite } from './write-site.js';

/** A point of the site, as the tests compute with it. */
export interface PlainPoint {
  readonly run: string;
  readonly point: string;
  readonly model: string;
  readonly lengths: readonly [number, number];
  readonly precision: string;
  readonly sku: string;
  readonly framework: string;
  readonly spec: string;
  readonly disagg: boolean;
  readonly conc: number;
  readonly origin: string;
  readonly day: string;
  readonly marks: readonly string[];
  readonly state: string;
  readonly isValid: boolean;
  readonly isDuplicate: boolean;
  readonly metrics: Readonly<Record<string, number | undefined>>;
}

const METRICS = ['tput_per_gpu', 'output_tput_per_gpu', 'median_intvty', 'median_ttft', 'median_tpot'];

/** The same points each time: each field of its own period, so that every facet has several values within every other. */
export function plainPoints(): readonly PlainPoint[] {
  const next = generator();
  return Array.from({ length: 240 }, (_, at): PlainPoint => {
    const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
    const conc = pick([4, 8, 16, 32, 64]);
    // Few steps, so that some points are equal in one number or in both.
    const intvty = 10 + 10 * Math.floor(next() * 12);
    const state = pick(['completed', 'completed', 'completed', 'completed', 'failed']);
    const day = pick(['2026-11-01', '2026-11-02', '2026-11-03']);
    return {
      ...{ run: `run-of-${day}`, point: `point-${String(at).padStart(3, '0')}`, day },
      model: pick(['dsr1', 'dsr1', 'gptoss']),
      lengths: pick([
        [1024, 1024],
        [1024, 1024],
        [8192, 1024],
      ]),
      ...{ precision: pick(['fp4', 'fp8']), sku: pick(['b200', 'h200', 'mi355x']) },
      ...{ framework: pick(['sglang', 'vllm']), spec: pick(['none', 'mtp']), disagg: next() < 0.2 },
      ...{ conc, origin: pick(['sweepline', 'sweepline', 'inferencex']), state },
      marks: next() < 0.15 ? ['stalled'] : [],
      isValid: state === 'completed' && next() < 0.9,
      isDuplicate: next() < 0.1,
      metrics: {
        tput_per_gpu: state === 'failed' ? undefined : 100 * Math.ceil(next() * 40),
        output_tput_per_gpu: state === 'failed' ? undefined : 50 * Math.ceil(next() * 40),
        median_intvty: state === 'failed' ? undefined : intvty,
        median_ttft: state === 'failed' || next() < 0.05 ? undefined : (50 + Math.round(next() * 900)) / 1000,
        median_tpot: state === 'failed' ? undefined : 1 / intvty,
      },
    };
  });
}

/** A linear congruential generator (Numerical Recipes' constants), from 0 to below 1. */
function generator(): () => number {
  let state = 20261101;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export async function writePlainSite(folder: string, points: readonly PlainPoint[]): Promise<void> {
  const files = new Map<string, unknown>([
    ['index', indexOf(points)],
    ['points', tableOf(points)],
    ...Array.from({ length: Math.ceil(points.length / 100) }, (_, file): [string, unknown] => [
      `details/${file}`,
      points.slice(file * 100, (file + 1) * 100).map((point, at) => detailOf(point, file * 100 + at)),
    ]),
    ...METRICS.map((key, at): [string, unknown] => [
      `metrics/${at}`,
      { key, values: points.map(({ metrics }) => metrics[key] ?? null) },
    ]),
  ]);
  await writeSite(folder, files);
}

function indexOf(points: readonly PlainPoint[]): SiteIndex {
  const days = [...new Set(points.map(({ day }) => day))].sort();
  return {
    ...{ schema: SITE_SCHEMA, title: 'Plain', builtAt: '2026-11-04T00:00:00Z', sweepline: '0.0.0' },
    points: points.length,
    runs: days.map((day) => ({
      ...{ run: `run-of-${day}`, origin: 'sweepline', state: 'finished', startedAt: `${day}T00:00:00Z` },
      points: points.filter((point) => point.day === day).length,
    })),
    metrics: METRICS.map((key, at) => ({
      ...{ key, label: key, unit: key.includes('tput') ? 'tok/s' : 's', definition: key },
      ...{ better: key.includes('tput') ? 'higher' : 'lower', file: `metrics/${at}` },
    })),
    ...{ hardware: [], files: [] },
  };
}

function tableOf(points: readonly PlainPoint[]): TableData {
  const text: Readonly<Record<string, (point: PlainPoint) => string | undefined>> = {
    ...{ run: ({ run }) => run, point: ({ point }) => point, origin: ({ origin }) => origin },
    series: ({ model, precision, sku, framework, spec, disagg }) =>
      [model, precision, sku, framework, spec, disagg ? 'disagg' : 'single'].join(' '),
    ...{ state: ({ state }) => state, model: ({ model }) => model, sku: ({ sku }) => sku },
    ...{ infmax_model_prefix: ({ model }) => model, framework: ({ framework }) => framework },
    ...{ precision: ({ precision }) => precision, spec_decoding: ({ spec }) => spec },
    started_at: ({ day }) => `${day}T01:00:00Z`,
  };
  const number: Readonly<Record<string, (point: PlainPoint) => number>> = {
    ...{ isl: ({ lengths: [isl] }) => isl, osl: ({ lengths: [, osl] }) => osl, conc: ({ conc }) => conc },
    ...{ tp: () => 8, devices: () => 8 },
  };
  const flag: Readonly<Record<string, (point: PlainPoint) => boolean>> = {
    ...{ is_valid: ({ isValid }) => isValid, is_duplicate: ({ isDuplicate }) => isDuplicate },
    disagg: ({ disagg }) => disagg,
  };
  const columns: Record<string, ColumnData> = { marks: textsColumn(points.map(({ marks }) => marks)) };
  for (const name of POINT_COLUMNS.text) columns[name] = textColumn(points.map((one) => text[name]?.(one)));
  for (const name of POINT_COLUMNS.number)
    columns[name] = numberColumn(points.map((one) => number[name]?.(one)));
  for (const name of POINT_COLUMNS.flag) columns[name] = flagColumn(points.map((one) => flag[name]?.(one)));
  return { rows: points.length, columns };
}

function detailOf({ metrics }: PlainPoint, row: number): PointDetail {
  const known = Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return {
    ...{ row, metrics: Object.fromEntries(known), marks: [], intervals: {}, logs: [] },
    ...{ hasRequests: false, hasSamples: false },
  };
}
