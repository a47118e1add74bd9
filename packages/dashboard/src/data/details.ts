import { given, object, parsed, text as textIn } from '@sweepline/store/json';
import type { MetricColumn, PointDetail } from '../site/site-data.js';
import type { TableData } from '../site/table.js';
import { namesIn, windowsOf, type Chosen, type Window } from './chosen.js';
import { asNumber, asText } from './columns.js';
import { readPointFiles, type MeasuredReader } from './point-files.js';

/** A point's detail, and its tables where it has them. */
export interface DetailFiles {
  readonly detail: PointDetail;
  readonly requests?: TableData;
  readonly samples?: TableData;
}

export interface DetailOptions {
  /** Reads requests and samples; without it they are left out. */
  readonly measured: MeasuredReader | undefined;
  readonly signal: AbortSignal;
}

/** Rows whose texts are in memory at once. */
const WINDOW = 2_000;
const COLUMNS = [
  ...['run', 'point', 'origin', 'state', 'layer', 'error_code', 'error'],
  ...['file', 'job', 'provenance', 'extra', 'load', 'client', 'sweepline'],
];

/** Details of the chosen points, in order. */
export async function* detailsOf(
  chosen: Chosen,
  metrics: readonly MetricColumn[],
  options: DetailOptions,
  windows: Iterable<Window> = windowsOf(chosen.points, WINDOW),
): AsyncIterable<DetailFiles> {
  const names = namesIn(chosen.columns, COLUMNS);
  for (const window of windows) {
    const [from, to] = window;
    const cells = await chosen.cells(names, window);
    const marks = await marksIn(chosen, window);
    const intervals = await intervalsIn(chosen, window);
    for (let row = from; row < to; row += 1) {
      options.signal.throwIfAborted();
      const textOf = (name: string): string | undefined => asText(cells.get(name)?.[row - from]);
      const base = {
        row,
        metrics: numbersOf(metrics, row),
        marks: marks.get(row) ?? [],
        intervals: Object.fromEntries(intervals.get(row) ?? []),
      };
      yield await detailOf(chosen, base, textOf, options);
    }
  }
}

function numbersOf(metrics: readonly MetricColumn[], row: number): PointDetail['metrics'] {
  const numbers: Record<string, number> = {};
  for (const { key, values } of metrics) {
    const value = values[row];
    if (value !== null && value !== undefined) numbers[key] = value;
  }
  return numbers;
}

type Base = Pick<PointDetail, 'row' | 'metrics' | 'marks' | 'intervals'>;

async function detailOf(
  { tree }: Chosen,
  base: Base,
  textOf: (name: string) => string | undefined,
  options: DetailOptions,
): Promise<DetailFiles> {
  const none = { logs: [], hasRequests: false, hasSamples: false };
  const said = { ...base, ...deliveredOf(base.metrics), ...errorOf(textOf), ...jsonOf(textOf) };
  const file = textOf('file');
  if (textOf('origin') !== 'sweepline' || file === undefined) return { detail: { ...said, ...none } };
  const { requests, samples, error, ...found } = await readPointFiles(tree, file, options);
  const { job, load } = { ...said, ...found };
  return {
    detail: {
      ...said,
      ...(said.error !== undefined && { error: { ...said.error, ...error } }),
      ...found,
      ...reproduceOf(job, load),
      ...{ hasRequests: requests !== undefined, hasSamples: samples !== undefined },
    },
    ...(requests !== undefined && { requests }),
    ...(samples !== undefined && { samples }),
  };
}

/** Of a server that Sweepline started its job, of another the load. */
function reproduceOf(job: unknown, load: unknown): Pick<PointDetail, 'reproduce'> {
  if (textIn(object(job)['runner']) !== undefined)
    return { reproduce: ['npx', 'sweepline', 'sweep', '--matrix', 'job.json'] };
  return load === undefined ? {} : { reproduce: ['npx', 'sweepline', 'load', 'load.json'] };
}

function deliveredOf(metrics: PointDetail['metrics']): Pick<PointDetail, 'delivered'> {
  const delivered = given({
    ...{ offered: metrics['offered'], sent: metrics['sent'], completed: metrics['requests_completed'] },
    ...{ failed: metrics['requests_failed'], peakInFlight: metrics['peak_in_flight'] },
  });
  return Object.keys(delivered).length > 0 ? { delivered } : {};
}

function errorOf(textOf: (name: string) => string | undefined): Pick<PointDetail, 'error'> {
  const [code, message, layer] = ['error_code', 'error', 'layer'].map(textOf);
  if (code === undefined && message === undefined) return {};
  return { error: { code: code ?? '', message: message ?? '', ...(layer !== undefined && { layer }) } };
}

function jsonOf(textOf: (name: string) => string | undefined): Partial<PointDetail> {
  const known = ['job', 'provenance', 'extra'].flatMap((name) => {
    const value = parsed(textOf(name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

async function marksIn(chosen: Chosen, window: Window): Promise<ReadonlyMap<number, PointDetail['marks']>> {
  const rows = await chosen.ofPoints('marks', ['code', 'severity', 'message'], window);
  const byRow = new Map<number, PointDetail['marks'][number][]>();
  for (const [row, code, severity, message] of rows)
    put(byRow, Number(row), {
      ...{ code: asText(code) ?? '', severity: asText(severity) ?? '', message: asText(message) ?? '' },
    });
  return byRow;
}

type Interval = readonly [string, PointDetail['intervals'][string]];

async function intervalsIn(chosen: Chosen, window: Window): Promise<ReadonlyMap<number, Interval[]>> {
  const rows = await chosen.ofPoints('intervals', ['key', 'low', 'high', 'covers'], window);
  const byRow = new Map<number, Interval[]>();
  for (const [row, key, low, high, covers] of rows) {
    const [from, to] = [asNumber(low), asNumber(high)];
    if (from !== undefined && to !== undefined)
      put(byRow, Number(row), [asText(key) ?? '', { low: from, high: to, covers: asText(covers) ?? '' }]);
  }
  return byRow;
}

function put<T>(byRow: Map<number, T[]>, row: number, value: T): void {
  const values = byRow.get(row);
  if (values === undefined) byRow.set(row, [value]);
  else values.push(value);
}
