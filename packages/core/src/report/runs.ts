import { betweenRuns, levelOfRange, type BetweenRuns } from '../metrics/between-runs.js';
import { RESERVED_OUTPUTS, THROUGHPUT_KEYS } from '../plugin/row-keys.js';
import { isCompleted } from '../results/collect.js';
import { pointNameOf } from '../results/repeats.js';
import type { RunInfo } from '../results/run-schema.js';
import type { Row } from '../results/schema.js';
import { groups } from './groups.js';
import type { ReportPoint } from './point.js';

/** The runs of a point that was measured several times. */
export interface Runs {
  /** Name of the point. */
  readonly point: string;
  /** Runs whose numbers count: completed and valid. */
  readonly valid: number;
  /** All that were asked for. */
  readonly of: number;
  /** What the valid ones say, if there are several, by row key. */
  readonly numbers: Readonly<Record<string, BetweenRuns>>;
}

/**
 * Each point once: of those that were measured several times, the medians over their valid runs. Failed, invalid and missing runs are
 * counted, and none of their numbers is used; where no run is valid, the first is shown as it is. The order stays.
 */
export function summarised(
  points: readonly ReportPoint[],
  { repeats }: Pick<RunInfo, 'repeats'>,
): readonly ReportPoint[] {
  if (points.every(({ result }) => result.repeat === undefined)) return points;
  return groups(points, ({ result }) => pointNameOf(result)).flatMap(([point, all]) =>
    all.some(({ result }) => result.repeat !== undefined) ? [summaryOf(point, all, repeats?.count)] : all,
  );
}

function summaryOf(point: string, all: readonly ReportPoint[], count = 0): ReportPoint {
  const valid = all.filter((one) => one.valid);
  const exported = valid.find(({ result }) => isCompleted(result) && result.withheld === undefined);
  const shown = exported ?? valid[0] ?? all.find(({ result }) => isCompleted(result)) ?? all[0]!;
  const numbers = numbersOf(valid.map(({ row }) => row));
  const counts = { point, valid: valid.length, of: Math.max(count, all.length) };
  if (valid.length < 2) return { ...shown, runs: { ...counts, numbers } };
  const same = Object.entries(shown.row).filter(([key, value]) => !isMeasured(key, value));
  const medians = Object.entries(numbers).map(([key, { median }]) => [key, median] as const);
  const marks = new Map(valid.flatMap((one) => one.marks.map((mark) => [mark.code, mark] as const)));
  return {
    ...shown,
    row: Object.fromEntries([...same, ...medians]),
    marks: [...marks.values()],
    runs: { ...counts, numbers },
  };
}

/** Of numbers that all rows have: of others it would be unclear which runs they are of. */
function numbersOf(rows: readonly Row[]): Readonly<Record<string, BetweenRuns>> {
  const keys = Object.entries(rows[0] ?? {}).flatMap(([key, value]) => (isMeasured(key, value) ? [key] : []));
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = rows.flatMap((row) => (typeof row[key] === 'number' ? [row[key]] : []));
      const found = values.length === rows.length ? betweenRuns(values) : undefined;
      return found === undefined ? [] : [[key, found] as const];
    }),
  );
}

/** Numbers of rows that say what was measured. */
const GIVEN: ReadonlySet<string> = new Set(
  ['offered_rate', ...RESERVED_OUTPUTS].filter((key) => !isThroughput(key)),
);

function isThroughput(key: string): boolean {
  return THROUGHPUT_KEYS.some((known) => known === key);
}

function isMeasured(key: string, value: Row[string]): value is number {
  return typeof value === 'number' && !GIVEN.has(key);
}

/** `3 runs`, `2 of 3 runs`, `one run`, `1 of 3 runs`: those whose numbers are shown. */
export function runsText({ valid, of }: Pick<Runs, 'valid' | 'of'>): string {
  if (of === 1) return valid === 1 ? 'one run' : 'no valid run';
  return valid === of ? `${of} runs` : `${valid} of ${of} runs`;
}

/** The lowest and the highest value of a number between runs; undefined where there is one run. */
export function rangeOf(
  { runs }: Pick<ReportPoint, 'runs'>,
  key: string,
): readonly [low: number, high: number] | undefined {
  const found = runs?.numbers[key];
  return found && [found.low, found.high];
}

/** `118.2 … 121.9` */
export function rangeText([low, high]: readonly [number, number], text: (value: number) => string): string {
  return `${text(low)} … ${text(high)}`;
}

/** What the numbers of a report are, where a reader could take them for more. */
export function runsNote(points: readonly ReportPoint[]): string | undefined {
  const counts = [...new Set(points.flatMap(({ runs }) => (runs === undefined ? [] : [runs.valid])))];
  if (points.every(({ runs, valid }) => runs === undefined && !valid)) return undefined;
  if (points.every(({ runs }) => runs === undefined))
    return 'Each number comes from one run: how much it differs from run to run is not known.';
  const levels = counts
    .filter((runs) => runs > 1)
    .sort((a, b) => a - b)
    .map((runs) => `${runs} runs ${percent(levelOfRange(runs))}`);
  const single = counts.includes(1) ? ' Of a point with one run, how much it differs is not known.' : '';
  if (levels.length === 0) return `No point has several valid runs.${single}`;
  return (
    'Numbers of a point are medians over its valid runs, which share no server; (low … high) is their range between runs. ' +
    `The range covers the median of all such runs with a probability of: ${levels.join(', ')}.${single}`
  );
}

function percent(share: number): string {
  const text = (100 * share).toPrecision(3);
  return `${Number(text) === 100 ? '> 99.9' : Number(text)} %`;
}
