import { onOneLine } from '../printable.js';
import { PLAIN, type Style } from '../style.js';
import { DISCLAIMER } from './disclaimer.js';
import { evalLines } from './evals.js';
import { invalidNotice, unfinishedNotice } from './notices.js';
import { begunPoints, HELD_BACK, pointsOf, type ReportPoint, stateOf, withheldLines } from './point.js';
import type { ReportInput } from './report.js';
import { runsNote, summarised } from './runs.js';
import { charts } from './terminal/charts.js';
import { fit, GAP, SHORTEST_STATE, type Fitted, type SizedColumn, widthOf } from './terminal/fit.js';
import { wrap } from './terminal/wrap.js';

export interface TerminalOptions {
  readonly style?: Style;
  /** Whether to draw throughput against interactivity below the table. */
  readonly chart?: boolean;
}

const STATE = 'State';

/**
 * A notice if the run did not finish, a table that fits `width` characters (on a narrow terminal, values common to all rows are
 * shown above it, less important numbers are dropped, and the state is cut), marks, charts and disclaimer.
 */
export function renderTerminal(
  input: ReportInput,
  width = 120,
  { style = PLAIN, chart = false }: TerminalOptions = {},
): string {
  const { run, results } = input;
  const points = pointsOf(results);
  const shown = summarised(begunPoints(points), run);
  const note = runsNote(shown);
  const paragraphs = [
    said(unfinishedNotice(input), width, style.bad),
    table(shown, width, style),
    said(invalidNotice(results), width, style.bad),
    ...points.map((point) => remarks(point, width, style)),
    titled('Evals', evalLines(points)).flatMap((line) => wrap(line, width)),
    titled(HELD_BACK, withheldLines(points)).flatMap((line) => wrap(line, width)),
    ...(chart ? charts(shown, width) : []),
    note === undefined ? [] : wrap(note, width),
    wrap(DISCLAIMER, width),
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function said(notice: string | undefined, width: number, paint: Style['bad']): string[] {
  return notice === undefined ? [] : wrap(notice, width).map(paint);
}

function table(points: readonly ReportPoint[], width: number, style: Style): string[] {
  const { columns, common } = fit(points, width);
  const room = Math.max(SHORTEST_STATE, width - widthOf(columns));
  const line = (cellOf: (column: SizedColumn) => string, state: string): string =>
    [...columns.map((column) => pad(cellOf(column), column)), state].join(GAP).trimEnd();
  return [
    ...commonLines(common, points, width),
    line((column) => column.header, STATE),
    ...points.map((point) =>
      line((column) => column.cell(point), paintState(cut(stateOf(point), room), point, style)),
    ),
  ];
}

/** Values that all rows have in common. */
function commonLines(common: Fitted['common'], points: readonly ReportPoint[], width: number): string[] {
  const [first] = points;
  if (first === undefined || common.length === 0) return [];
  const parts = common.map(({ header, cell }) => `${header} ${cell(first)}`);
  return [...wrap(parts.join(', '), width), ''];
}

/** Colours the state itself; notes after it are unchanged. */
function paintState(text: string, { result, valid }: ReportPoint, { good, bad, caution }: Style): string {
  if (result.state === 'interrupted') return caution(text);
  if (result.state === 'rejected') return text.replace(/^[^:]*/, caution);
  if (!valid) return text.replace(/^[^;]*/, bad);
  return text.replace(/^[^,]*/, good);
}

/** Everything that the table cuts, in full. */
function remarks(
  { result, marks }: ReportPoint,
  width: number,
  { bad, caution, hint: hinted }: Style,
): string[] {
  const lines = (text: string, paint = (line: string) => line): string[] =>
    wrap(`  ${text}`, width).map(paint);
  const found = marks.flatMap(({ severity, code, message }) =>
    lines(`${severity} ${code}: ${message}`, severity === 'invalid' ? bad : undefined),
  );
  if ('error' in result) {
    const { code, message, where, hint } = result.error;
    const said = `${result.state} ${code}: ${message}${where === undefined ? '' : ` (${where})`}`;
    found.push(...lines(said, result.state === 'rejected' ? caution : bad));
    if (hint !== undefined) found.push(...lines(`→ ${hint}`, hinted));
  }
  return found.length === 0 ? [] : [...wrap(`${result.name}:`, width), ...found];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function pad(cell: string, { width, right }: SizedColumn): string {
  return right === true ? cell.padStart(width) : cell.padEnd(width);
}

function cut(text: string, room: number): string {
  const line = onOneLine(text).replaceAll(/\s+/g, ' ');
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}
