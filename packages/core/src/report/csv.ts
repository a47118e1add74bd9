import { reasonOf } from '../results/reason.js';
import { cellText } from './cell-text.js';
import { pointsOf, type ReportPoint } from './point.js';
import type { Renderer } from './report.js';
import { rangeOf, summarised } from './runs.js';

type Field = string | number | boolean | undefined;

interface Column {
  readonly header: string;
  readonly field: (point: ReportPoint) => Field;
}

const FIRST: readonly Column[] = [
  { header: 'name', field: ({ result, runs }) => runs?.point ?? result.name },
  { header: 'state', field: ({ result }) => result.state },
  { header: 'valid', field: ({ valid }) => valid },
];

const RUNS: readonly Column[] = [
  { header: 'valid_runs', field: ({ runs, valid }) => runs?.valid ?? Number(valid) },
  { header: 'runs', field: ({ runs }) => runs?.of ?? 1 },
];

const LAST: readonly Column[] = [
  {
    header: 'withheld',
    field: ({ result }) => (result.state === 'completed' ? result.withheld : undefined),
  },
  { header: 'marks', field: ({ marks }) => marks.map((mark) => `${mark.severity}:${mark.code}`).join(' ') },
  { header: 'error_code', field: ({ result }) => reasonOf(result)?.code },
  { header: 'error_message', field: ({ result }) => reasonOf(result)?.message },
];

/**
 * One line per result (RFC 4180, CRLF). Columns: name, state, valid (whether its numbers may be compared), then the keys of the
 * rows with their names and units (times in seconds, rates in tokens/s), then marks. Missing values are empty. In a run that measured
 * its points several times, one line per point: how many of its runs are valid and how many there are, medians over the valid ones, and
 * the lowest and the highest number of these.
 */
export const renderCsv: Renderer = ({ run, results }) => {
  const points = summarised(pointsOf(results), run);
  const first = points.some(({ runs }) => runs !== undefined) ? [...FIRST, ...RUNS] : FIRST;
  const taken = new Set([...first, ...LAST].map(({ header }) => header));
  const columns = [
    ...first,
    ...keysOf(points.map(({ row }) => row)).map((key) => rowColumn(key, taken)),
    ...keysOf(points.map(({ runs }) => runs?.numbers ?? {})).flatMap(rangeColumns),
    ...LAST,
  ];
  const lines = [
    columns.map(({ header }) => header),
    ...points.map((point) => columns.map(({ field }) => field(point))),
  ];
  return lines.map((fields) => `${fields.map(quote).join(',')}\r\n`).join('');
};

function keysOf(objects: readonly object[]): readonly string[] {
  return [...new Set(objects.flatMap((one) => Object.keys(one)))];
}

/** A plugin's number may have the name of another column; if two columns share a name, readers use only the last. */
function rowColumn(key: string, taken: ReadonlySet<string>): Column {
  return { header: taken.has(key) ? `row_${key}` : key, field: ({ row }) => cellText(row, key) };
}

function rangeColumns(key: string): readonly Column[] {
  return [
    { header: `lowest_run_${key}`, field: (point) => rangeOf(point, key)?.[0] },
    { header: `highest_run_${key}`, field: (point) => rangeOf(point, key)?.[1] },
  ];
}

/** Spreadsheets evaluate cells that begin like this; an apostrophe in front makes them text. */
const FORMULA = /^[=+@\t\r-]/;

function quote(field: Field): string {
  const given = String(field ?? '');
  const text = FORMULA.test(given) && Number.isNaN(Number(given)) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
