import { shortened } from '../../shortened.js';
import { narrowed } from '../../text-table.js';
import type { ReportPoint } from '../point.js';
import { columnsFor, EXTRA, type TerminalColumn } from './columns.js';

export const GAP = '  ';
/** Width that the state column keeps while numbers are dropped, and its minimum: below the table the state is printed in full. */
const FAIR_STATE = 24;
export const SHORTEST_STATE = 12;
/** Fewest characters of a cell, if a table is still too wide after dropping everything that can be dropped. */
const SHORTEST_CELL = 12;

export interface SizedColumn extends TerminalColumn {
  readonly width: number;
}

/** A table's columns, and those that need no column because all rows have the same value. */
export interface Fitted {
  readonly columns: readonly SizedColumn[];
  readonly common: readonly TerminalColumn[];
}

/**
 * The columns that fit. Dropped are, in this order: columns that only wide terminals show; columns that don't distinguish rows,
 * which move to a separate line; numbers, the least important one first; then everything else that can be dropped. What is still
 * too wide is shortened.
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
    // What distinguishes rows matters more than the end of their states.
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
 * Below 1, so that numbers are dropped first: they can be looked up in the report, but rows that look the same are useless. The
 * more different values a column has, the later it is dropped; the column's own `spare` decides between equals.
 */
function keySpare(spare: number, values: number): number {
  return 1 / (1 + values + (EXTRA - spare) / 100);
}

/** Shortens the widest columns until the table fits. */
function shortenedTo(columns: readonly SizedColumn[], width: number): readonly SizedColumn[] {
  const sizes = columns.map((column) => column.width);
  const widths = narrowed(sizes, width - GAP.length, SHORTEST_CELL);
  return columns.map((column, i) => {
    const room = widths[i] ?? column.width;
    if (room === column.width) return column;
    return { ...column, width: room, cell: (point) => shortened(column.cell(point), room) };
  });
}
