import { shortened } from '../../shortened.js';
import { narrowed } from '../../text-table.js';
import type { ReportPoint } from '../point.js';
import { columnsFor, EXTRA, type TerminalColumn } from './columns.js';

export const GAP = '  ';
/** Characters that the state of a row gets before numbers are left out, and what it gets at least: below the table it is printed in full. */
const FAIR_STATE = 24;
export const SHORTEST_STATE = 12;
/** Characters that a cell keeps at least, should a table still be too wide without all that can go. */
const SHORTEST_CELL = 12;

export interface SizedColumn extends TerminalColumn {
  readonly width: number;
}

/** A table's columns, and those that need no column: all rows have the same there. */
export interface Fitted {
  readonly columns: readonly SizedColumn[];
  readonly common: readonly TerminalColumn[];
}

/**
 * The columns that fit. First those go that only wide terminals have; then those that don't distinguish rows, into a line of their
 * own; then numbers, the least important one first; then what else can go; and what is still too wide is shortened.
 */
export function fit(points: readonly ReportPoint[], width: number): Fitted {
  const all = columnsFor(points).map((column) => sized(column, points));
  const fits = (columns: readonly SizedColumn[], state: number): boolean => widthOf(columns) + state <= width;
  if (fits(all, FAIR_STATE)) return { columns: all, common: [] };
  const usual = all.filter(({ spare }) => spare !== EXTRA);
  if (fits(usual, FAIR_STATE)) return { columns: usual, common: [] };
  const common = usual.filter((column) => isCommon(column, points));
  let columns = usual.filter((column) => !common.includes(column));
  for (;;) {
    const spare = Math.max(0, ...columns.map(({ spare = 0 }) => spare));
    // What distinguishes rows is worth more than the end of their states.
    if (spare === 0 || fits(columns, spare < 1 ? SHORTEST_STATE : FAIR_STATE)) break;
    columns = columns.filter((column) => column.spare !== spare);
  }
  return { columns: shortenedTo(columns, width - SHORTEST_STATE), common };
}

export function widthOf(columns: readonly SizedColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP.length, 0);
}

function sized(column: TerminalColumn, points: readonly ReportPoint[]): SizedColumn {
  const { header, cell, key, spare } = column;
  const cells = points.map(cell);
  const width = cells.reduce((most, { length }) => Math.max(most, length), header.length);
  if (key === undefined || spare === undefined) return { ...column, width };
  return { ...column, width, spare: keySpare(spare, new Set(cells).size) };
}

function isCommon({ key, cell }: TerminalColumn, points: readonly ReportPoint[]): boolean {
  return key === true && points.length > 0 && new Set(points.map(cell)).size === 1;
}

/**
 * Below 1, as numbers can be looked up in the report, and a row that looks like the next one is useless: the more different
 * values a column has, the later it goes, and among equals as the column says.
 */
function keySpare(spare: number, values: number): number {
  return 1 / (1 + values + (EXTRA - spare) / 100);
}

/** Takes from the widest columns as long as there is too much. */
function shortenedTo(columns: readonly SizedColumn[], width: number): readonly SizedColumn[] {
  const sizes = columns.map((column) => column.width);
  const widths = narrowed(sizes, width - GAP.length, SHORTEST_CELL);
  return columns.map((column, i) => {
    const room = widths[i] ?? column.width;
    if (room === column.width) return column;
    return { ...column, width: room, cell: (point) => shortened(column.cell(point), room) };
  });
}
