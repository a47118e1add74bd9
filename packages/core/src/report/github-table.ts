import { general } from './number.js';

/** Blank cells are missing values. */
export type Cells = readonly string[];

/** A table in the layout of Python tabulate's `github` format: numbers aligned right, on their decimal points. */
export function githubTable(headers: Cells, rows: readonly Cells[]): string {
  const columns = headers.map((header, index) =>
    layOut(
      header,
      rows.map((row) => row[index] ?? ''),
    ),
  );
  const line = (cells: Cells): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map((column) => column.header)),
    `|${columns.map((column) => '-'.repeat(column.width + 2)).join('|')}|`,
    ...rows.map((_, index) => line(columns.map((column) => column.cells[index] ?? ''))),
  ].join('\n');
}

interface LaidOut {
  readonly header: string;
  readonly width: number;
  readonly cells: Cells;
}

function layOut(header: string, raw: Cells): LaidOut {
  const cells = raw.map((cell) => cell.replaceAll(/\s+/g, ' ').trim());
  const present = cells.filter((cell) => cell !== '');
  const numeric = present.length > 0 && present.every(isNumber);
  const shown = numeric ? alignPoints(asNumbers(cells)) : cells;
  const width = Math.max(header.length + 2, ...shown.map(length));
  const pad = numeric ? padLeft : padRight;
  return { header: pad(header, width), width, cells: shown.map((cell) => pad(cell, width)) };
}

/** Integers as they are; if any cell isn't an integer, all of them with six significant digits. */
function asNumbers(cells: Cells): Cells {
  if (cells.every((cell) => cell === '' || isInteger(cell))) return cells;
  return cells.map((cell) => (cell === '' ? '' : general(Number(cell))));
}

function alignPoints(cells: Cells): Cells {
  const most = Math.max(...cells.map(afterPoint));
  return cells.map((cell) => cell + ' '.repeat(most - afterPoint(cell)));
}

/** Characters after the decimal point (or the exponent's e); -1 if there is none. */
function afterPoint(cell: string): number {
  const point = cell.includes('.') ? cell.lastIndexOf('.') : cell.lastIndexOf('e');
  return point < 0 ? -1 : cell.length - point - 1;
}

function isInteger(cell: string): boolean {
  return /^[+-]?\d+$/.test(cell);
}

function isNumber(cell: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell);
}

/** In code points. */
function length(cell: string): number {
  return Array.from(cell).length;
}

function padLeft(cell: string, width: number): string {
  return ' '.repeat(width - length(cell)) + cell;
}

function padRight(cell: string, width: number): string {
  return cell + ' '.repeat(width - length(cell));
}
