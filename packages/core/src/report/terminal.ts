import { onOneLine } from '../printable.js';
import { cellText } from './cell-text.js';
import { DISCLAIMER } from './disclaimer.js';
import { invalidNotice, unfinishedNotice } from './notices.js';
import { general } from './number.js';
import { HELD_BACK, pointsOf, type ReportPoint, stateOf, withheldLines } from './point.js';
import { furtherSizes } from './sizes.js';
import type { ReportInput } from './report.js';

interface TerminalColumn {
  readonly header: string;
  readonly cell: (point: ReportPoint) => string;
  readonly right?: true;
  /** On a narrow terminal the highest number goes first; without one the column always stays. */
  readonly spare?: number;
  /** Part of what rows are told apart by: where rows differ in it, it stays as long as it can. */
  readonly key?: true;
  /** Only where a row has something in it. */
  readonly optional?: true;
  /** Of servers that Sweepline started, or only of endpoints that were already running; of all where it is not given. */
  readonly of?: 'started' | 'endpoint';
}

const MISSING = '–';

const COLUMNS: readonly TerminalColumn[] = [
  { header: 'Model', cell: model },
  { header: 'HW', cell: field('hw'), of: 'started' },
  { header: 'Framework', cell: field('framework'), spare: 2, key: true, of: 'started' },
  { header: 'Prec', cell: field('precision'), spare: 5, key: true, of: 'started' },
  { header: 'ISL/OSL', cell: pair('isl', 'osl'), spare: 4, key: true },
  { header: 'TP/EP', cell: layout, spare: 3, key: true, of: 'started' },
  { header: 'Load', cell: briefLoad, spare: 2, key: true, optional: true },
  { header: 'Conc', cell: field('conc'), right: true },
  { header: 'Rate/s', cell: field('offered_rate'), right: true, optional: true },
  { header: 'TTFT ms', cell: measured('median_ttft', 1000), right: true, spare: 7 },
  { header: 'TPOT ms', cell: measured('median_tpot', 1000), right: true, spare: 8 },
  { header: 'E2EL s', cell: measured('median_e2el'), right: true, spare: 6 },
  { header: 'tok/s/user', cell: measured('median_intvty'), right: true, spare: 1 },
  { header: 'tok/s/device', cell: measured('tput_per_gpu'), right: true, of: 'started' },
  { header: 'out', cell: measured('output_tput_per_gpu'), right: true, spare: 9, of: 'started' },
  { header: 'in', cell: measured('input_tput_per_gpu'), right: true, spare: 9, of: 'started' },
  // Of a server of which nobody said how many devices it has.
  { header: 'req/s', cell: measured('request_throughput'), right: true, spare: 7, of: 'endpoint' },
  { header: 'tok/s', cell: measured('total_token_throughput'), right: true, of: 'endpoint' },
  { header: 'out tok/s', cell: measured('output_throughput'), right: true, spare: 9, of: 'endpoint' },
];

const GAP = '  ';
const MIN_STATE = 24;
const LONGEST_LOAD = 40;
const STATE = 'State';

/**
 * That the run did not finish, a table that fits `width` characters (the state column is cut, then less important columns
 * go), marks and disclaimer.
 */
export function renderTerminal(input: ReportInput, width = 120): string {
  const { results } = input;
  const points = pointsOf(results);
  const columns = fitting(points, width);
  const rest = width - total(columns);
  const line = (cellOf: (column: Sized) => string, state: string): string =>
    [...columns.map((column) => pad(cellOf(column), column)), cut(state, rest)].join(GAP).trimEnd();
  const paragraph = (text: string | undefined): string[] => (text === undefined ? [] : wrap(text, width));
  const first = paragraph(unfinishedNotice(input));
  const invalid = paragraph(invalidNotice(results));
  return [
    ...(first.length === 0 ? [] : [...first, '']),
    line((column) => column.header, STATE),
    ...points.map((point) => line((column) => column.cell(point), stateOf(point))),
    ...(invalid.length === 0 ? [] : ['', ...invalid]),
    ...points.flatMap(remarks).flatMap((remark) => wrap(remark, width)),
    ...heldBack(points).flatMap((line) => wrap(line, width)),
    '',
    ...wrap(DISCLAIMER, width),
    '',
  ].join('\n');
}

/** Everything that is cut in the table, in full. */
function remarks({ result, marks }: ReportPoint): string[] {
  const lines = marks.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
  if (result.state === 'failed') {
    const { code, message, where, hint } = result.error;
    lines.push(`failed ${code}: ${message}${where === undefined ? '' : ` (${where})`}`);
    if (hint !== undefined) lines.push(`→ ${hint}`);
  }
  return lines.length === 0 ? [] : ['', `${result.name}:`, ...lines.map((line) => `  ${line}`)];
}

/** Rows that readers of agg_*.json will not find. */
function heldBack(points: readonly ReportPoint[]): string[] {
  const lines = withheldLines(points);
  return lines.length === 0 ? [] : ['', `${HELD_BACK}:`, ...lines.map((line) => `  ${line}`)];
}

interface Sized extends TerminalColumn {
  readonly width: number;
}

function fitting(points: readonly ReportPoint[], width: number): readonly Sized[] {
  const isEndpoint = ({ row }: ReportPoint): boolean => row['endpoint'] !== undefined;
  const kinds = new Set<TerminalColumn['of']>(
    points.length === 0 ? ['started'] : points.map((point) => (isEndpoint(point) ? 'endpoint' : 'started')),
  );
  const there = COLUMNS.filter(
    ({ optional, of, cell }) =>
      (of === undefined || kinds.has(of)) && (!optional || points.some((point) => cell(point) !== MISSING)),
  );
  let columns = there.map((column): Sized => {
    const width = widthOf(column, points);
    return column.key === undefined
      ? { ...column, width }
      : { ...column, width, spare: keySpare(column, points) };
  });
  while (total(columns) + MIN_STATE > width) {
    const spare = Math.max(...columns.map((column) => column.spare ?? 0));
    if (spare === 0) break;
    columns = columns.filter((column) => column.spare !== spare);
  }
  return columns;
}

/** Numbers can be looked up in the report; a row that can't be told from the next one is no row. */
function keySpare({ cell, spare = 0 }: TerminalColumn, points: readonly ReportPoint[]): number {
  const differs = new Set(points.map(cell)).size > 1;
  return differs ? spare / 10 : spare;
}

function widthOf(column: TerminalColumn, points: readonly ReportPoint[]): number {
  return Math.max(column.header.length, ...points.map((point) => column.cell(point).length));
}

function total(columns: readonly Sized[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP.length, 0);
}

function field(key: string): TerminalColumn['cell'] {
  return ({ row }) => onOneLine(cellText(row, key, MISSING));
}

/** A short name where there is one. */
function model(point: ReportPoint): string {
  return field(point.row['infmax_model_prefix'] === undefined ? 'model' : 'infmax_model_prefix')(point);
}

/** Loads may be long; the list below the table has them in full. */
function briefLoad(point: ReportPoint): string {
  const text = field('load')(point);
  return text.length <= LONGEST_LOAD ? text : `${text.slice(0, LONGEST_LOAD - 1)}…`;
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
  return ({ row }) => {
    const value = row[key];
    return typeof value === 'number' ? general(Number((value * factor).toPrecision(4))) : MISSING;
  };
}

function pad(cell: string, { width, right }: Sized): string {
  return right === true ? cell.padStart(width) : cell.padEnd(width);
}

function cut(text: string, width: number): string {
  const line = onOneLine(text).replaceAll(/\s+/g, ' ');
  const room = Math.max(width, MIN_STATE);
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}

/** Lines of at most `width` characters, broken between words; what is indented hangs by two more. */
function wrap(text: string, width: number): string[] {
  const indent = text.slice(0, text.length - text.trimStart().length);
  const lines: string[] = [];
  let line = indent;
  for (const word of onOneLine(text).trim().split(/\s+/)) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent === '' ? '' : `${indent}  `;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
