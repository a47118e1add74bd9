import { onOneLine, type CommandTerminal } from '@sweepline/core';
import type { Json } from '../json.js';
import { textOf, type Value } from './values.js';

/** What a query gives. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export const FORMATS = ['table', 'csv', 'json'] as const;
export type Format = (typeof FORMATS)[number];

export function writeAnswer(answer: Answer, format: Format, terminal: CommandTerminal): void {
  terminal.stdout(WRITERS[format](answer));
}

const WRITERS: Readonly<Record<Format, (answer: Answer) => string>> = { table, csv, json };

/** Its rows as objects, without what is missing. */
export function objectsOf({ columns, rows }: Answer): readonly Json[] {
  return rows.map((row) => {
    const cells: [string, Value | undefined][] = columns.map((name, index) => [name, row[index]]);
    return Object.fromEntries(cells.filter(([, value]) => value !== null));
  });
}

function json(answer: Answer): string {
  const objects = objectsOf(answer).map((one) => JSON.stringify(one));
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}

/** RFC 4180. What a spreadsheet would run is text there as well. */
export function csv({ columns, rows }: Answer): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: Value): string {
  const text = textOf(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Columns of numbers are flush right. */
function table({ columns, rows }: Answer): string {
  const cells = rows.map((row) => row.map(cell));
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const areNumbers = columns.map((_, index) =>
    rows.every((row) => row[index] === null || typeof row[index] === 'number'),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, index) => (areNumbers[index] ? text.padStart(widths[index]!) : text.padEnd(widths[index]!)))
      .join('  ')
      .trimEnd();
  return [columns, ...cells].map((row) => `${line(row)}\n`).join('');
}

const DIGITS = 6;

function cell(value: Value): string {
  if (value === null) return '–';
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(DIGITS)));
  return onOneLine(textOf(value));
}
