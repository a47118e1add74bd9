import { domainsOf, hasPlace, scaleOf, type Scale } from './axes.js';
import type { ChartAxis, ChartData, ChartPoint, ChartSeries } from './chart-data.js';
import type { Box, Drawing, MarkStyle } from './drawing.js';
import { colourOf, shapeOf, type Theme } from './looks.js';
import { outlineOf, type Places } from './outline.js';

const TEXT_SIZE = 12;
/** Pixels of a character, about. */
const CHARACTER = 6.6;
const RADIUS = 4.5;
/** Of charts with more points than this, marks are smaller. */
const MANY = 3000;

/** A chart with its places. */
export interface Plot {
  readonly data: ChartData;
  /** Where the data are, between the axes. */
  readonly box: Box;
  readonly x: Scale;
  readonly y: Scale;
  readonly radius: number;
}

export function plotOf(data: ChartData, area: Box): Plot {
  const domains = domainsOf(data);
  const [top, bottom] = [area.top + 10, area.top + area.height - 46];
  const y = scaleOf(data.y, domains.y, [bottom, top, 48]);
  const longest = Math.max(0, ...y.ticks.map(({ label }) => label.length));
  const left = area.left + 34 + longest * CHARACTER;
  const right = area.left + area.width - 14;
  const x = scaleOf(data.x, domains.x, [left, Math.max(left + 10, right), 76]);
  const box = { left, top, width: Math.max(10, right - left), height: Math.max(10, bottom - top) };
  const count = data.series.reduce((sum, { points }) => sum + points.length, 0);
  return { data, box, x, y, radius: count > MANY ? RADIUS * 0.6 : RADIUS };
}

export function axisTitle({ label, unit }: ChartAxis): string {
  return unit === undefined || unit === '' ? label : `${label} (${unit})`;
}

/** Where a point is, or undefined where an axis has no place for it. */
export function placeOf({ data, x, y }: Plot, point: ChartPoint): readonly [number, number] | undefined {
  if (!hasPlace(data.x, point.x) || !hasPlace(data.y, point.y)) return undefined;
  return [x.at(point.x), y.at(point.y)];
}

/** @param raised key of the series that the others step back from */
export function drawPlot(drawing: Drawing, plot: Plot, theme: Theme, raised?: string): void {
  const { box, data } = plot;
  drawAxes(drawing, plot, theme);
  drawing.clipped(
    { left: box.left - 8, top: box.top - 8, width: box.width + 16, height: box.height + 16 },
    () => {
      const isFaint = ({ key }: ChartSeries): boolean => raised !== undefined && raised !== key;
      const series = [...data.series].sort((a, b) => Number(isFaint(b)) - Number(isFaint(a)));
      for (const one of series) drawBands(drawing, plot, one, colourIn(one, theme, isFaint(one)));
      for (const one of series) drawLines(drawing, plot, one, colourIn(one, theme, isFaint(one)));
      for (const one of series) drawPoints(drawing, plot, one, { theme, isFaint: isFaint(one) });
    },
  );
  drawRules(drawing, plot, theme);
}

function colourIn({ look }: ChartSeries, theme: Theme, isFaint: boolean): string {
  return isFaint ? theme.muted : colourOf(look, theme);
}

function drawAxes(drawing: Drawing, { box, x, y, data }: Plot, theme: Theme): void {
  const bottom = box.top + box.height;
  const text = { colour: theme.faint, size: TEXT_SIZE };
  for (const { at, label } of x.ticks) {
    drawing.line(
      [
        [at, box.top],
        [at, bottom],
      ],
      { colour: theme.grid, width: 1 },
    );
    drawing.text(at, bottom + 14, label, { ...text, anchor: 'middle' });
  }
  for (const { at, label } of y.ticks) {
    drawing.line(
      [
        [box.left, at],
        [box.left + box.width, at],
      ],
      { colour: theme.grid, width: 1 },
    );
    drawing.text(box.left - 8, at, label, { ...text, anchor: 'end' });
  }
  drawing.line(
    [
      [box.left, box.top],
      [box.left, bottom],
      [box.left + box.width, bottom],
    ],
    { colour: theme.faint, width: 1 },
  );
  const title = { colour: theme.ink, size: TEXT_SIZE, anchor: 'middle' } as const;
  drawing.text(box.left + box.width / 2, bottom + 34, scaleTitle(data.x), title);
  const longest = Math.max(0, ...y.ticks.map(({ label }) => label.length));
  drawing.text(box.left - 22 - longest * CHARACTER, box.top + box.height / 2, scaleTitle(data.y), {
    ...title,
    isUpright: true,
  });
}

function scaleTitle(axis: ChartAxis): string {
  return axis.scale === 'log' ? `${axisTitle(axis)}, logarithmic` : axisTitle(axis);
}

function placesOf({ data, x, y }: Plot): Places {
  return { x: x.at, y: y.at, isStraight: data.x.scale !== 'log' && data.y.scale !== 'log' };
}

function drawBands(drawing: Drawing, plot: Plot, { bands = [] }: ChartSeries, colour: string): void {
  const places = placesOf(plot);
  for (const { points, shape = 'straight' } of bands) {
    const lower = outlineOf(
      points.map(({ x, low }) => ({ x, y: low })),
      shape,
      places,
    );
    const upper = outlineOf(
      points.map(({ x, high }) => ({ x, y: high })),
      shape,
      places,
    );
    if (lower.length > 0 && upper.length > 0) drawing.area([...upper, ...lower.toReversed()], colour, 0.18);
  }
}

function drawLines(drawing: Drawing, plot: Plot, { lines = [] }: ChartSeries, colour: string): void {
  for (const { points, shape = 'straight', isDashed = false } of lines) {
    const corners = outlineOf(points, shape, placesOf(plot));
    if (corners.length > 1) drawing.line(corners, { colour, width: 2, isDashed });
  }
}

function drawPoints(
  drawing: Drawing,
  plot: Plot,
  series: ChartSeries,
  { theme, isFaint }: PointsStyle,
): void {
  const colour = colourIn(series, theme, isFaint);
  const style: MarkStyle = { shape: shapeOf(series.look), colour, radius: plot.radius };
  const styles = {
    muted: { ...style, colour: theme.muted },
    hollow: { ...style, hollow: theme.back },
    failed: { ...style, shape: 'cross' },
  } as const;
  for (const point of series.points) {
    const place = placeOf(plot, point);
    if (place === undefined) continue;
    const [x, y] = place;
    if (point.low !== undefined && point.high !== undefined)
      drawInterval(
        drawing,
        { x, y, radius: plot.radius },
        [plot.y.at(point.low), plot.y.at(point.high)],
        colour,
      );
    drawing.mark(x, y, point.state === undefined ? style : styles[point.state]);
    if (point.label !== undefined && !isFaint)
      drawing.text(x + plot.radius + 3, y - plot.radius - 3, point.label, { colour: theme.ink, size: 10 });
  }
}

interface PointsStyle {
  readonly theme: Theme;
  readonly isFaint: boolean;
}

/** Half the width of the ends of an interval, as a share of a mark's radius. */
const CAP = 0.75;
/** Of the lines of an interval, pixels. */
const THICKNESS = 1.25;

/** Of rectangles, which a canvas fills many times faster than it strokes lines; nothing where the mark covers it all. */
function drawInterval(
  drawing: Drawing,
  { x, y, radius }: Mark,
  ends: readonly number[],
  colour: string,
): void {
  if (!ends.every(Number.isFinite)) return;
  const isCovered = ends.every((end) => Math.abs(end - y) < CAP * radius - THICKNESS / 2);
  if (isCovered) return;
  const [top, bottom] = [Math.min(...ends), Math.max(...ends)];
  const cap = CAP * radius;
  drawing.rect({ left: x - THICKNESS / 2, top, width: THICKNESS, height: bottom - top }, colour);
  for (const end of [top, bottom])
    drawing.rect({ left: x - cap, top: end - THICKNESS / 2, width: 2 * cap, height: THICKNESS }, colour);
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

function drawRules(drawing: Drawing, { box, x, y, data }: Plot, theme: Theme): void {
  const stroke = { colour: theme.ink, width: 1, isDashed: true };
  for (const { axis, value, label } of data.rules ?? []) {
    const at = (axis === 'x' ? x : y).at(value);
    if (!Number.isFinite(at)) continue;
    const style = { colour: theme.ink, size: 11 };
    if (axis === 'x') {
      drawing.line(
        [
          [at, box.top],
          [at, box.top + box.height],
        ],
        stroke,
      );
      const isRight = at > box.left + box.width / 2;
      drawing.text(at + (isRight ? -4 : 4), box.top + 8, label, {
        ...style,
        anchor: isRight ? 'end' : 'start',
      });
    } else {
      drawing.line(
        [
          [box.left, at],
          [box.left + box.width, at],
        ],
        stroke,
      );
      drawing.text(box.left + box.width - 4, at - 8, label, { ...style, anchor: 'end' });
    }
  }
}
