import { cellText } from '../cell-text.js';
import { general } from '../number.js';
import type { ReportPoint } from '../point.js';
import { type Axis, drawing, xAt, yAt } from './axes.js';
import { colourClass, marker } from './marker.js';
import { html, type Markup } from './markup.js';
import { rangeOf, rangeText, runsText } from '../runs.js';
import { type Scale, scaleTo } from '../scale.js';
import type { Series } from '../series.js';

/** A number of a row as an axis shows it. */
export interface RowAxis extends Axis {
  readonly key: string;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly x: RowAxis;
  readonly y: RowAxis;
  readonly series: readonly Series[];
}

/** A point with its two numbers, as values or as positions in the drawing. */
interface Placed {
  readonly point: ReportPoint;
  readonly x: number;
  readonly y: number;
}

/** One inline SVG; undefined when no point has both numbers. */
export function chartSvg(chart: Chart): Markup | undefined {
  const all = chart.series.flatMap((series) => drawable(chart, series));
  if (all.length === 0) return undefined;
  const x = scaleTo(Math.max(...all.map((at) => endsOf(at.point, chart.x, at.x)[1])));
  const y = scaleTo(Math.max(...all.map((at) => endsOf(at.point, chart.y, at.y)[1])));
  return drawing(
    { ...chart, description: description(chart, all.length) },
    { x, y },
    html`${chart.series.map((series) => line(chart, series, x, y))}
    ${chart.series.map((series) => markers(chart, series, x, y))}`,
  );
}

function description(chart: Chart, points: number): string {
  return (
    `${chart.y.label} in ${chart.y.unit} against ${chart.x.label} in ${chart.x.unit}: ` +
    `${points} results in ${chart.series.length} series, labelled by ${labelledBy(chart)}. The numbers are in the results table.`
  );
}

function line(chart: Chart, series: Series, x: Scale, y: Scale): Markup {
  const path = placed(chart, series, x, y).map((at, i) => `${i === 0 ? 'M' : 'L'}${at.x} ${at.y}`);
  return html`<path class="line ${colourClass(series.index)}" d="${path.join('')}" />`;
}

function markers(chart: Chart, series: Series, x: Scale, y: Scale): Markup {
  return html`${placed(chart, series, x, y).map(
    (at) =>
      html`<g class="point" transform="translate(${at.x} ${at.y})">
        <title>${tooltip(chart, series, at.point)}</title>
        ${ranges(chart, at, x, y)} ${marker(series.index, at.point.marks.length > 0)}
        <text x="8" y="-7">${stepOf(at.point.row)}</text>
      </g>`,
  )}`;
}

/** Its numbers between runs, as lines from the lowest to the highest. */
function ranges(
  { x: xAxis, y: yAxis }: Chart,
  { point, ...at }: Placed,
  x: Scale,
  y: Scale,
): Markup | undefined {
  const [across, up] = [rangeOf(point, xAxis.key), rangeOf(point, yAxis.key)];
  if (across === undefined || up === undefined) return undefined;
  const [left, right] = across.map((value) => shift(xAt(x, value), at.x));
  const [bottom, top] = up.map((value) => shift(yAt(y, value), at.y));
  return html`<path class="range" d="M${left} 0H${right}M0 ${bottom}V${top}" />`;
}

function shift(position: number, from: number): number {
  return Math.round((position - from) * 10) / 10;
}

/** The ends of a number between runs, or the number itself. */
function endsOf(point: ReportPoint, { key }: RowAxis, value: number): readonly [low: number, high: number] {
  return rangeOf(point, key) ?? [value, value];
}

function tooltip(chart: Chart, series: Series, point: ReportPoint): string {
  const { row, marks, runs } = point;
  const numbers = [chart.x, chart.y].map((axis) => {
    const range = rangeOf(point, axis.key);
    const between = range === undefined ? '' : ` (${rangeText(range, general)} between runs)`;
    return `${axis.label}: ${general(Number(row[axis.key]))} ${axis.unit}${between}`;
  });
  const notes = marks.map((mark) => `Note: ${mark.message}`);
  const rate = row['offered_rate'] === undefined ? [] : [`Rate per second: ${Number(row['offered_rate'])}`];
  const conc = row['conc'] === undefined ? [] : [`Concurrency: ${Number(row['conc'])}`];
  const count = runs === undefined ? [] : [runsText(runs)];
  return [series.label, ...rate, ...conc, ...count, ...numbers, ...notes].join('\n');
}

/**
 * What increases along a series: the request rate if there is one, otherwise the concurrency; a load without a limit has neither.
 */
function stepOf(row: ReportPoint['row']): string {
  return cellText(row, row['offered_rate'] === undefined ? 'conc' : 'offered_rate');
}

/** The meaning of the numbers next to points. */
export function labelledBy({ series }: Pick<Chart, 'series'>): string {
  const hasRate = series.some(({ points }) => points.some(({ row }) => row['offered_rate'] !== undefined));
  return hasRate ? 'rate per second' : 'concurrency';
}

function placed(chart: Chart, series: Series, x: Scale, y: Scale): Placed[] {
  return drawable(chart, series).map((value) => ({
    point: value.point,
    x: xAt(x, value.x),
    y: yAt(y, value.y),
  }));
}

/** Points that have both numbers. */
function drawable(chart: Chart, series: Series): Placed[] {
  return series.points.flatMap((point) => {
    const x = point.row[chart.x.key];
    const y = point.row[chart.y.key];
    return typeof x === 'number' && typeof y === 'number' ? [{ point, x, y }] : [];
  });
}
