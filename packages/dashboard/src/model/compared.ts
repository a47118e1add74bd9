import {
  judgeCurves,
  judgePoint,
  last,
  matchSides,
  type CurveJudgement,
  type Measurement,
  type PointJudgement,
  type Unmatched,
} from '@sweepline/store/judge';
import type { TableData } from '../site/table.js';
import { flagAt, textAt } from './cells.js';
import { changedSettings, jobKey, measurementAt, type ChangedSetting } from './measurements.js';
import { withNoisierCell, type JudgedMetric } from './noises.js';
import { specWords } from './point-words.js';

/** What sides differ by. */
export interface Dimension {
  /** In the address. */
  readonly key: string;
  readonly label: string;
  /** Columns that may differ between sides; none for measurements of the same job. */
  readonly but: readonly string[];
  readonly valueOf: (points: TableData, row: number) => string | undefined;
}

const column =
  (...names: readonly string[]): Dimension['valueOf'] =>
  (points, row) =>
    names.map((name) => textAt(points, name, row)).find((value) => value !== undefined && value !== '');

const SERIES = ['sku', 'framework', 'precision', 'spec_decoding'] as const;

export const DIMENSIONS: readonly Dimension[] = [
  { key: 'image', label: 'Image', but: [], valueOf: column('image') },
  { key: 'version', label: 'Version of the engine', but: [], valueOf: column('engine_version') },
  { key: 'run', label: 'Run', but: [], valueOf: column('run') },
  { key: 'date', label: 'Date', but: [], valueOf: column('date') },
  { key: 'precision', label: 'Precision', but: ['precision'], valueOf: column('precision') },
  { key: 'spec', label: 'Speculative decoding', but: ['spec_decoding'], valueOf: column('spec_decoding') },
  { key: 'sku', label: 'Hardware', but: ['sku'], valueOf: column('sku') },
  { key: 'framework', label: 'Framework', but: ['framework'], valueOf: column('framework') },
  { key: 'series', label: 'Series', but: SERIES, valueOf: seriesWords },
];

function seriesWords(points: TableData, row: number): string | undefined {
  const words = [
    ...['sku', 'framework', 'precision'].map((name) => textAt(points, name, row)),
    specWords(textAt(points, 'spec_decoding', row)),
    flagAt(points, 'disagg', row) === true ? 'disaggregated' : undefined,
  ].filter((word) => word !== undefined && word !== '');
  return words.length === 0 ? undefined : words.join(' ');
}

/** Values of a dimension, with how many points each has, the newest last. */
export function sidesOf(
  points: TableData,
  rows: readonly number[],
  dimension: Dimension,
): ReadonlyMap<string, readonly number[]> {
  const sides = new Map<string, number[]>();
  for (const row of rows) {
    const value = dimension.valueOf(points, row);
    if (value === undefined) continue;
    const side = sides.get(value);
    if (side === undefined) sides.set(value, [row]);
    else side.push(row);
  }
  return sides;
}

/** The two sides with the most jobs in common, the newer one last; undefined where no two have one. */
export function busiestPair(
  points: TableData,
  rows: readonly number[],
  dimension: Dimension,
): readonly [a: string, b: string] | undefined {
  const jobs = [...sidesOf(points, rows, dimension)]
    .map(([value, of]) => ({
      value,
      keys: new Set(of.map((row) => jobKey(points, row, dimension))),
    }))
    // Pairs of all would take long where a dimension has many values.
    .sort((a, b) => b.keys.size - a.keys.size)
    .slice(0, MOST_SIDES);
  let best: { readonly pair: readonly [string, string]; readonly common: number } | undefined;
  for (const [index, a] of jobs.entries())
    for (const b of jobs.slice(index + 1)) {
      const common = [...a.keys].filter((key) => b.keys.has(key)).length;
      if (common > (best?.common ?? 0)) best = { pair: [a.value, b.value], common };
    }
  if (best === undefined) return undefined;
  const first = (value: string): number => rows.findIndex((row) => dimension.valueOf(points, row) === value);
  const [a, b] = best.pair;
  return first(a) <= first(b) ? [a, b] : [b, a];
}

const MOST_SIDES = 40;

/** A job that both sides have measured. */
export interface ComparedJob {
  readonly name: string;
  readonly curve: string;
  /** Rows of each side, at least one. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Of the newest measurement of each side. */
  readonly changed: readonly ChangedSetting[];
  /** Undefined where a side lacks the metric. */
  readonly judgement: PointJudgement | undefined;
}

export interface ComparedSides {
  readonly jobs: readonly ComparedJob[];
  readonly curves: readonly CurveJudgement[];
  readonly unmatched: readonly Unmatched[];
}

export interface CompareInput {
  readonly points: TableData;
  readonly dimension: Dimension;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly judged: JudgedMetric;
  /** Of the metric: by row. */
  readonly valueOf: (row: number) => number | undefined;
}

/** Compares two sides, as `sweepline compare` does: jobs matched by what was measured, at equal sizes and load. */
export function comparedSides({ points, dimension, a, b, judged, valueOf }: CompareInput): ComparedSides {
  const { metric, noise } = judged;
  const rowOf = new Map<Measurement, number>();
  const measured = (row: number): Measurement => {
    const one = measurementAt(points, row, {
      ...{ but: dimension.but, metrics: [metric.key], metricOf: valueOf },
    });
    rowOf.set(one, row);
    return one;
  };
  const { matches, unmatched } = matchSides(a.map(measured), b.map(measured));
  const rowsOf = (all: readonly Measurement[]): readonly number[] =>
    all.flatMap((one) => rowOf.get(one) ?? []);
  const judgedMatches = matches.map((match) => withNoisierCell(match, noise));
  return {
    jobs: matches.map((match, index) => ({
      ...{ name: match.name, curve: last(match.a).curveName, a: rowsOf(match.a), b: rowsOf(match.b) },
      changed: changedSettings(points, rowOf.get(last(match.a)) ?? -1, rowOf.get(last(match.b)) ?? -1),
      judgement: judgePoint(judgedMatches[index] ?? match, metric, noise),
    })),
    curves: judgeCurves(judgedMatches, { metrics: [metric], noiseOf: () => noise, again: undefined }),
    unmatched,
  };
}
