import type { Measurement } from '@sweepline/store/judge';
import type { TableData } from '../site/table.js';
import { flagAt, numberAt, textAt, textsAt } from './cells.js';
import { outcomeOf } from './outcomes.js';
import { amountWords, lengthWords, parallelismWords, specWords } from './point-words.js';

/** What says which measurement a point is, besides its image and versions: columns of `points`, as the store's index has them. */
const WHAT = [
  ...['origin', 'infmax_model_prefix', 'sku', 'framework', 'precision', 'spec_decoding', 'disagg'],
  ...['is_multinode', 'isl', 'osl', 'load'],
] as const;
const SIZES = [
  ...['conc', 'rate', 'tp', 'pp', 'ep', 'dcp_size', 'pcp_size', 'dp_attention'],
  ...['prefill_tp', 'prefill_ep', 'prefill_dp_attention', 'prefill_num_workers', 'num_prefill_gpu'],
  ...['decode_tp', 'decode_ep', 'decode_dp_attention', 'decode_num_workers', 'num_decode_gpu'],
] as const;
const SOFTWARE = ['image', 'image_digest', 'platform', 'engine_version', 'sweepline'] as const;

/** Sizes that a row of a time before them doesn't say, which is 1. */
const LATER_SIZES: ReadonlySet<string> = new Set(['pp', 'dcp_size', 'pcp_size']);

/** Columns in which two measurements of the same may differ, and how a reader calls them. `place`: where, not what. */
export const SETTINGS = [
  { key: 'model', label: 'name of the model' },
  { key: 'image', label: 'image' },
  { key: 'image_digest', label: 'digest of the image' },
  { key: 'platform', label: 'platform' },
  { key: 'engine_version', label: 'version of the engine' },
  { key: 'recipe', label: 'recipe' },
  { key: 'client', label: 'client' },
  { key: 'sweepline', label: 'version of Sweepline' },
  { key: 'node', label: 'node', isPlace: true },
  { key: 'hw', label: 'hardware as its file has it', isPlace: true },
] as const;

export interface ChangedSetting {
  readonly label: string;
  readonly a: string;
  readonly b: string;
  readonly isPlace: boolean;
}

/** Settings of two rows that are not the same. What one of them does not say is not known to differ. */
export function changedSettings(points: TableData, a: number, b: number): readonly ChangedSetting[] {
  return SETTINGS.flatMap((setting) => {
    const [left, right] = [textAt(points, setting.key, a), textAt(points, setting.key, b)];
    if (left === undefined || right === undefined || imageText(left) === imageText(right)) return [];
    return [{ label: setting.label, a: left, b: right, isPlace: 'isPlace' in setting }];
  });
}

/** With `/` where enroot has `#`. */
function imageText(image: string): string {
  return image.replace('#', '/');
}

/** What two measurements need not have in common to be compared. */
export interface Sameness {
  /** Columns in which they may differ; none are those of the same job. */
  readonly but: readonly string[];
}

/** The same in measurements of the same job: the digest of the store where it has one, else what the row says. */
export function jobKey(points: TableData, row: number, { but }: Sameness = { but: [] }): string {
  const series = but.length === 0 ? textAt(points, 'series', row) : undefined;
  if (series !== undefined) return JSON.stringify([textAt(points, 'origin', row), series]);
  return keyOf(points, row, [...WHAT, ...SIZES], but);
}

function keyOf(points: TableData, row: number, columns: readonly string[], but: readonly string[]): string {
  return JSON.stringify(columns.map((name) => (but.includes(name) ? null : said(points, name, row))));
}

/** What a row says, as the store's digest of a job takes it: off is the same as nothing. */
function said(points: TableData, name: string, row: number): string | number | true | null {
  if (name === 'infmax_model_prefix')
    return textAt(points, name, row) ?? textAt(points, 'model', row) ?? null;
  const text = textAt(points, name, row);
  if (text !== undefined) return text === 'none' ? null : text;
  const number = numberAt(points, name, row);
  if (number !== undefined) return number === 1 && LATER_SIZES.has(name) ? null : number;
  return flagAt(points, name, row) === true ? true : null;
}

/** Hardware and framework, as the noise of the store names them. */
export function cellName(sku: string | undefined, framework: string | undefined): string {
  return `${sku ?? 'endpoint'} ${framework ?? ''}`.trim();
}

export interface MeasurementOptions extends Sameness {
  /** Of a row, by key of a metric; numbers that are not positive are not compared. */
  readonly metricOf: (row: number, key: string) => number | undefined;
  readonly metrics: readonly string[];
}

/** A row as the verdicts of `sweepline compare` take it. */
export function measurementAt(points: TableData, row: number, options: MeasurementOptions): Measurement {
  const text = (name: string): string | undefined => textAt(points, name, row);
  const { but } = options;
  const values = options.metrics.flatMap((key) => {
    const value = options.metricOf(row, key);
    return value !== undefined && value > 0 ? [[key, value] as const] : [];
  });
  // Written out: putting objects together takes long where there are many.
  return {
    run: text('run') ?? '',
    point: text('point') ?? '',
    series: jobKey(points, row, options),
    repeat: numberAt(points, 'repeat', row) ?? 1,
    software: softwareOf(points, row),
    image: text('image'),
    cell: cellName(text('sku'), text('framework')),
    node: text('node'),
    state: text('state') ?? '',
    isValid: outcomeOf(points, row) === 'valid',
    error: text('error'),
    marks: textsAt(points, 'marks', row),
    origin: text('origin') ?? '',
    file: undefined,
    job: undefined,
    provenance: undefined,
    extra: undefined,
    metrics: Object.fromEntries(values),
    // Of most measurements nobody reads these.
    get curve() {
      return keyOf(points, row, WHAT, but);
    },
    get curveName() {
      return curveWords(points, row, but);
    },
    get name() {
      return jobWords(points, row, but);
    },
  };
}

/** What was measured in: only measurements that agree in it are repeats. */
function softwareOf(points: TableData, row: number): string {
  const versions = SOFTWARE.map((name) => imageText(textAt(points, name, row) ?? ''));
  return JSON.stringify([textAt(points, 'origin', row) ?? '', ...versions]);
}

/** What the points of a curve have in common. */
function curveWords(points: TableData, row: number, but: readonly string[]): string {
  const text = (name: string): string | undefined =>
    but.includes(name) ? undefined : textAt(points, name, row);
  return [
    textAt(points, 'infmax_model_prefix', row) ?? textAt(points, 'model', row),
    text('sku'),
    text('framework'),
    text('precision'),
    specWords(text('spec_decoding')),
    !but.includes('disagg') && flagAt(points, 'disagg', row) === true ? 'disaggregated' : undefined,
    lengthWords(points, row),
    textAt(points, 'load', row),
  ]
    .filter((words) => words !== undefined && words !== '')
    .join(', ');
}

/** A job in words: its curve, its parallelism and its load. */
export function jobWords(points: TableData, row: number, but: readonly string[] = []): string {
  return [curveWords(points, row, but), parallelismWords(points, row), ...amountWords(points, row)]
    .filter((words) => words !== '')
    .join(', ');
}
