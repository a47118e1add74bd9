import { onOneLine } from '../../printable.js';
import { shortened } from '../../shortened.js';
import { cellText } from '../cell-text.js';
import type { ReportPoint } from '../point.js';
import { scaleTo, tickText, type Scale } from '../scale.js';
import type { Workload } from '../series.js';

const X = { key: 'median_intvty', label: 'tok/s/user' };
const Y = { key: 'tput_per_gpu', label: 'tok/s/device' };
/** For a server with an unknown number of devices. */
const ENDPOINT_Y = { key: 'total_token_throughput', label: 'tok/s' };
/** Height of the plot, lines. */
const HEIGHT = 11;
const TICKS = 2;
/** The mark of a single series, and the marks of several; series beyond the list share the last one. */
const ONLY = '•';
const MARKS = 'abcdefghijklmnopqrstuvwxyz';
/** Most series that are named below a chart. */
const MOST_NAMED = 8;
/** The mark for several points on one character. */
const SEVERAL = '*';

interface Drawn {
  readonly mark: string;
  /** Its concurrency or rate. */
  readonly step: string;
  readonly column: number;
  readonly row: number;
}

/** How many points of a workload have both numbers. */
export function drawnPoints(workload: Workload): number {
  return drawnOf(workload, upwards(workload)).flat().length;
}

/** The quantity of the vertical axis. */
function upwards({ series }: Workload): typeof Y {
  const isEndpoint = series.some(({ points }) => points.some(({ row }) => row['endpoint'] !== undefined));
  return isEndpoint ? ENDPOINT_Y : Y;
}

/** By series: the points that have both numbers. */
function drawnOf({ series }: Workload, { key }: typeof Y): readonly (readonly ReportPoint[])[] {
  const isNumber = ({ row }: ReportPoint, name: string): boolean => typeof row[name] === 'number';
  return series.map(({ points }) => points.filter((point) => isNumber(point, X.key) && isNumber(point, key)));
}

/**
 * A workload's points as characters, with throughput on the vertical and interactivity on the horizontal axis, in lines of at
 * most `width`: each point is the mark of its series, followed by its concurrency or rate.
 */
export function chartLines(workload: Workload, width: number): string[] {
  const { title, series } = workload;
  const up = upwards(workload);
  const shown = drawnOf(workload, up);
  const points = shown.flat();
  const x = scaleTo(Math.max(...points.map((point) => numberOf(point, X.key))), 2 * TICKS);
  const y = scaleTo(Math.max(...points.map((point) => numberOf(point, up.key))), TICKS);
  const margin = Math.max(...y.ticks.map((tick) => tickText(tick).length));
  const columns = width - margin - 2;
  const marks = (index: number): string => (series.length === 1 ? ONLY : (MARKS[index] ?? MARKS.at(-1)!));
  const drawn = shown.flatMap((some, index) =>
    some.map((point): Drawn => ({
      mark: marks(index),
      step: stepText(point),
      column: Math.round(x.at(numberOf(point, X.key)) * (columns - 1)),
      row: rowOf(y, numberOf(point, up.key)),
    })),
  );
  const named = series.slice(0, MOST_NAMED).map(({ label }, index) => `${marks(index)}  ${label}`);
  const unnamed = series.length - named.length;
  return [
    shortened(onOneLine(title), width),
    `${' '.repeat(margin)} ${up.label}`,
    ...plot(drawn, y, columns, margin),
    `${' '.repeat(margin)} └${'─'.repeat(columns)}`,
    xTicks(x, columns, margin),
    X.label.padStart(width),
    ...named.map((line) => shortened(onOneLine(line), width)),
    ...(unnamed === 0 ? [] : [`${unnamed} more series are in the report.`]),
    `Numbers: ${stepName(points)}.`,
  ];
}

function plot(drawn: readonly Drawn[], y: Scale, columns: number, margin: number): string[] {
  const cells = Array.from({ length: HEIGHT }, () => Array.from({ length: columns }, () => ' '));
  // Marks first, so that no number covers a point.
  for (const { row, column, mark } of drawn) {
    const line = cells[row]!;
    line[column] = line[column] === ' ' ? mark : SEVERAL;
  }
  for (const one of drawn) label(cells[one.row]!, one);
  const ticks = new Map(y.ticks.map((tick) => [rowOf(y, tick), tickText(tick)]));
  return cells.map((line, row) => {
    const tick = ticks.get(row);
    return `${(tick ?? '').padStart(margin)} ${tick === undefined ? '│' : '┤'}${line.join('')}`.trimEnd();
  });
}

/** Writes a point's number after its mark, or before it, or not at all: if it touched another one it could be misread. */
function label(line: string[], { column, step }: Drawn): void {
  if (line[column] === SEVERAL) return;
  const isFree = (from: number, to: number): boolean =>
    from >= 0 && to <= line.length && line.slice(from, to).every((cell) => cell === ' ');
  const [after, before] = [column + 1, column - step.length];
  const isLast = after + step.length === line.length;
  if (isFree(after, after + step.length + (isLast ? 0 : 1))) line.splice(after, step.length, ...step);
  else if (isFree(Math.max(0, before - 1), column) && before >= 0) line.splice(before, step.length, ...step);
}

/** The numbers of the horizontal axis, each centred below its position if there is room. */
function xTicks(x: Scale, columns: number, margin: number): string {
  const line = Array.from({ length: columns }, () => ' ');
  for (const tick of x.ticks) {
    const text = tickText(tick);
    const start = Math.round(x.at(tick) * (columns - 1) - (text.length - 1) / 2);
    const at = Math.min(Math.max(0, start), columns - text.length);
    if (line.slice(Math.max(0, at - 1), at + text.length + 1).every((cell) => cell === ' ')) {
      line.splice(at, text.length, ...text);
    }
  }
  return `${' '.repeat(margin + 2)}${line.join('').trimEnd()}`;
}

function rowOf(y: Scale, value: number): number {
  return Math.round((1 - y.at(value)) * (HEIGHT - 1));
}

function numberOf({ row }: ReportPoint, key: string): number {
  return Number(row[key]);
}

/** What increases along a series; a load without a limit has neither. */
function stepText({ row }: ReportPoint): string {
  return cellText(row, row['offered_rate'] === undefined ? 'conc' : 'offered_rate');
}

function stepName(points: readonly ReportPoint[]): string {
  return points.some(({ row }) => row['offered_rate'] !== undefined) ? 'requests per second' : 'concurrency';
}
