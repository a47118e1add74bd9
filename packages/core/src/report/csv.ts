import { cellText } from './cell-text.js';
import { pointsOf, type ReportPoint } from './point.js';
import type { Renderer } from './report.js';

const FIRST = ['name', 'state', 'valid'];
const LAST = ['withheld', 'marks', 'error_code', 'error_message'];

type Field = string | number | boolean | undefined;

/**
 * One line per result (RFC 4180, CRLF). Columns: name, state, valid (whether its numbers may be compared), then the keys of the
 * rows with their names and units (times in seconds, rates in tokens/s), then marks. Missing values are empty.
 */
export const renderCsv: Renderer = ({ results }) => {
  const points = pointsOf(results);
  const rowKeys = [...new Set(points.flatMap((point) => Object.keys(point.row)))];
  const header = [...FIRST, ...rowKeys.map(columnOf), ...LAST];
  const lines = [header, ...points.map((point) => fieldsOf(point, rowKeys))];
  return lines.map((fields) => `${fields.map(quote).join(',')}\r\n`).join('');
};

/** A plugin's number may have such a name; if two columns share a name, readers use only the last. */
function columnOf(key: string): string {
  return [...FIRST, ...LAST].includes(key) ? `row_${key}` : key;
}

function fieldsOf({ result, row, marks, valid }: ReportPoint, rowKeys: readonly string[]): Field[] {
  const error = result.state === 'failed' ? result.error : undefined;
  return [
    result.name,
    result.state,
    valid,
    ...rowKeys.map((key) => cellText(row, key)),
    result.state === 'completed' ? result.withheld : undefined,
    marks.map((mark) => `${mark.severity}:${mark.code}`).join(' '),
    error?.code,
    error?.message,
  ];
}

/** Spreadsheets evaluate cells that begin like this; an apostrophe in front makes them text. */
const FORMULA = /^[=+@\t\r-]/;

function quote(field: Field): string {
  const given = String(field ?? '');
  const text = FORMULA.test(given) && Number.isNaN(Number(given)) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
