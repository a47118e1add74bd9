import { onOneLine } from '../../printable.js';
import { shortened } from '../../shortened.js';
import { cellText } from '../cell-text.js';
import { groups } from '../groups.js';
import { general } from '../number.js';
import { completedPoints, type ReportPoint } from '../point.js';
import { rangeOf, rangeText, runsText } from '../runs.js';
import { differingSetups } from '../setups.js';
import { furtherSizes } from '../sizes.js';

export interface TerminalColumn {
  readonly header: string;
  readonly cell: (point: ReportPoint) => string;
  readonly right?: true;
  /** On a narrow terminal, columns with the highest number are dropped first; a column without it always stays. */
  readonly spare?: number;
  /** Part of what distinguishes rows: if rows differ in it, it is dropped after all numbers. */
  readonly key?: true;
  /** Only shown if a row has a value. */
  readonly optional?: true;
  /** Only for servers that Sweepline started, or only for endpoints that were already running; for both if absent. */
  readonly of?: 'started' | 'endpoint';
}

/** Value for columns that are dropped first, on any terminal that isn't wide. */
export const EXTRA = 9;
export const MISSING = '–';
const LONGEST_LOAD = 40;
const LONGEST_SETUP = 32;

const COLUMNS: readonly TerminalColumn[] = [
  { header: 'Model', cell: model, key: true },
  { header: 'HW', cell: field('hw'), key: true, of: 'started' },
  { header: 'Framework', cell: field('framework'), spare: 2, key: true, of: 'started' },
  { header: 'Prec', cell: field('precision'), spare: 5, key: true, of: 'started' },
  { header: 'ISL/OSL', cell: pair('isl', 'osl'), spare: 4, key: true },
  { header: 'TP/EP', cell: layout, spare: 3, key: true, of: 'started' },
  { header: 'Load', cell: briefLoad, spare: 2, key: true, optional: true },
  { header: 'Conc', cell: field('conc'), right: true },
  { header: 'Rate/s', cell: field('offered_rate'), right: true, optional: true },
  { header: 'Runs', cell: ({ runs }) => (runs === undefined ? MISSING : runsText(runs)), optional: true },
];

const NUMBERS: readonly TerminalColumn[] = [
  { header: 'TTFT ms', cell: measured('median_ttft', 1000), right: true, spare: 6 },
  { header: 'TPOT ms', cell: measured('median_tpot', 1000), right: true, spare: 8 },
  { header: 'E2EL s', cell: measured('median_e2el'), right: true, spare: 7 },
  { header: 'tok/s/user', cell: measured('median_intvty'), right: true, spare: 1 },
  { header: 'tok/s/device', cell: measured('tput_per_gpu'), right: true, of: 'started' },
  { header: 'out', cell: measured('output_tput_per_gpu'), right: true, spare: EXTRA, of: 'started' },
  { header: 'in', cell: measured('input_tput_per_gpu'), right: true, spare: EXTRA, of: 'started' },
  // For a server with an unknown number of devices.
  { header: 'req/s', cell: measured('request_throughput'), right: true, spare: 7, of: 'endpoint' },
  { header: 'tok/s', cell: measured('total_token_throughput'), right: true, of: 'endpoint' },
  { header: 'out tok/s', cell: measured('output_throughput'), right: true, spare: EXTRA, of: 'endpoint' },
];

/** The columns of these rows, from left to right. */
export function columnsFor(points: readonly ReportPoint[]): readonly TerminalColumn[] {
  const isEndpoint = ({ row }: ReportPoint): boolean => row['endpoint'] !== undefined;
  const kinds = new Set<TerminalColumn['of']>(
    points.length === 0 ? ['started'] : points.map((point) => (isEndpoint(point) ? 'endpoint' : 'started')),
  );
  return [...COLUMNS, setupColumn(points), ...NUMBERS].filter(
    ({ optional, of, cell }) =>
      (of === undefined || kinds.has(of)) && (!optional || points.some((point) => cell(point) !== MISSING)),
  );
}

/** Differences between rows that are equal in all other columns: image, options, speculation. */
function setupColumn(points: readonly ReportPoint[]): TerminalColumn {
  const alike = groups(completedPoints(points), (point) => COLUMNS.map(({ cell }) => cell(point)).join('\n'));
  const setups = new Map(alike.flatMap(([, rows]) => differingSetups(rows)));
  const cell = (point: ReportPoint): string =>
    shortened(onOneLine((setups.get(point) ?? []).join(', ')), LONGEST_SETUP) || MISSING;
  return { header: 'Setup', cell, spare: 2, key: true, optional: true };
}

function field(key: string): TerminalColumn['cell'] {
  return ({ row }) => onOneLine(cellText(row, key, MISSING));
}

/** A short name if there is one. */
function model(point: ReportPoint): string {
  return field(point.row['infmax_model_prefix'] === undefined ? 'model' : 'infmax_model_prefix')(point);
}

/** Loads may be long; the list below the table has them in full. */
function briefLoad(point: ReportPoint): string {
  return shortened(field('load')(point), LONGEST_LOAD);
}

function pair(a: string, b: string): TerminalColumn['cell'] {
  return ({ row }) =>
    row[a] === undefined && row[b] === undefined
      ? MISSING
      : onOneLine(`${cellText(row, a, MISSING)}/${cellText(row, b, MISSING)}`);
}

function layout({ row }: ReportPoint): string {
  if (row['is_multinode'] !== true) {
    if (row['tp'] === undefined) return MISSING;
    return [`${cellText(row, 'tp', MISSING)}/${cellText(row, 'ep', MISSING)}`, ...furtherSizes(row)].join(
      ' ',
    );
  }
  const gpus = (kind: string): string => cellText(row, `num_${kind}_gpu`, MISSING);
  return `${gpus('prefill')}P+${gpus('decode')}D`;
}

function measured(key: string, factor = 1): TerminalColumn['cell'] {
  const text = (value: number): string => general(Number((value * factor).toPrecision(4)));
  return (point) => {
    const value = point.row[key];
    if (typeof value !== 'number') return MISSING;
    const between = rangeOf(point, key);
    return between === undefined ? text(value) : `${text(value)} (${rangeText(between, text)})`;
  };
}
