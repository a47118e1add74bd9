import './chart.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CanvasDrawing } from './canvas-drawing.js';
import type { ChartData } from './chart-data.js';
import { ChartTable } from './chart-table.js';
import { finderOf, placedPoints, type Finder, type PlacedPoint } from './hover.js';
import type { Theme } from './looks.js';
import { drawPlot, plotOf, type Plot } from './plot.js';
import { pointWordsOf, Tip } from './tip.js';
import { useTheme } from './use-theme.js';

export interface ChartProps {
  /** The same object from one drawing to the next (useMemo), as all is drawn again for another. */
  readonly data: ChartData;
  /** CSS pixels. */
  readonly height?: number;
  /** Address of a point's page: a click or Enter goes there. */
  readonly linkOf?: (row: number) => string | undefined;
  /** What a point's tooltip has besides its numbers. */
  readonly detailsOf?: (row: number) => ComponentChildren;
  /** Key of the series that the others step back from. */
  readonly raised?: string | undefined;
  /** Without the table of numbers. */
  readonly isAlone?: boolean;
}

/** Mark of the browser's performance timeline at the end of each drawing. */
const DRAWN = 'sweepline:drawn';
/** Pixels around the pointer in which a point is found. */
const REACH = 24;

/** A chart of points and lines, which is drawn on a canvas; its points are reached by pointer, by arrow keys, and in a table. */
export function Chart({ data, height = 460, linkOf, detailsOf, raised, isAlone = false }: ChartProps) {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(area);
  const theme = useTheme();
  const plot = useMemo(() => plotOf(data, { left: 0, top: 0, width, height }), [data, width, height]);
  const [shown, setShown] = useState<Shown>();
  const points = usePoints(plot);
  useEffect(() => setShown(undefined), [plot]);
  useLayoutEffect(() => {
    if (canvas.current !== null && width > 0) paint(canvas.current, plot, theme, { height, raised });
  }, [plot, theme, height, raised]);

  const open = (at: PlacedPoint | undefined): void => {
    const link = at === undefined ? undefined : linkOf?.(at.point.row);
    if (link !== undefined) location.hash = link;
  };
  const find = (event: PointerEvent): PlacedPoint | undefined => {
    const box = area.current?.getBoundingClientRect();
    return box && points.find()(event.clientX - box.left, event.clientY - box.top, REACH);
  };
  const show = (at: PlacedPoint | undefined, isPinned: boolean): void => {
    if (at !== shown?.at || isPinned !== shown?.isPinned) setShown(at && { at, isPinned });
  };
  const onPointerUp = (event: PointerEvent): void => {
    if (
      event.button !== 0 ||
      (event.target instanceof Element && event.target.closest('.chart-tip') !== null)
    )
      return;
    const at = find(event);
    if (event.pointerType === 'touch') show(at, true);
    else open(at);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== area.current) return;
    if (event.key === 'Enter') open(shown?.at);
    if (event.key === 'Escape') setShown(undefined);
    const at = nextPoint(points.inOrder(), shown?.at, event.key);
    if (at === undefined) return;
    event.preventDefault();
    show(at, true);
  };

  return (
    <figure class="chart">
      <div
        ref={area}
        class="chart-area"
        style={{ height: `${height}px`, cursor: shown && linkOf !== undefined ? 'pointer' : 'default' }}
        role="application"
        aria-roledescription="chart"
        aria-label={`${data.title}. Arrow keys go from point to point${linkOf === undefined ? '' : ', Enter opens one'}.`}
        tabIndex={0}
        onPointerMove={(event) => event.pointerType !== 'touch' && show(find(event), false)}
        onPointerLeave={(event) => event.pointerType !== 'touch' && setShown(undefined)}
        onPointerUp={onPointerUp}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {shown && (
          <Tip
            at={shown.at}
            data={data}
            width={width}
            link={shown.isPinned ? linkOf?.(shown.at.point.row) : undefined}
          >
            {detailsOf?.(shown.at.point.row)}
          </Tip>
        )}
        <span class="visually-hidden" aria-live="polite">
          {shown?.isPinned === true ? pointWordsOf(shown.at, data) : ''}
        </span>
      </div>
      {!isAlone && <ChartTable data={data} {...(linkOf && { linkOf })} />}
    </figure>
  );
}

interface Shown {
  readonly at: PlacedPoint;
  /** By key or touch: it stays, and its link can be reached. */
  readonly isPinned: boolean;
}

function paint(canvas: HTMLCanvasElement, plot: Plot, theme: Theme, { height, raised }: Painted): void {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  const drawing = new CanvasDrawing(context, ratio);
  drawing.rect({ left: 0, top: 0, width: canvas.clientWidth, height }, theme.back);
  drawPlot(drawing, plot, theme, raised);
  // For bench/dashboard/page.js, and for a browser's own tools.
  performance.mark(DRAWN);
}

interface Painted {
  readonly height: number;
  readonly raised: string | undefined;
}

/** Width of the element in CSS pixels; it is also measured anew when the window goes to a screen of other pixels. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    setWidth(current.clientWidth);
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}

interface Points {
  readonly inOrder: () => readonly PlacedPoint[];
  readonly find: () => Finder;
}

/** Points in order, and the tree to find them in, are made when they are first needed: drawing does not wait for them. */
function usePoints(plot: Plot): Points {
  return useMemo(() => {
    let placed: readonly PlacedPoint[] | undefined;
    let finder: Finder | undefined;
    const inOrder = (): readonly PlacedPoint[] => (placed ??= placedPoints(plot));
    return { inOrder, find: () => (finder ??= finderOf(inOrder())) };
  }, [plot]);
}

/** Left and right go through the points in the order of x, up and down to the series before and after, near the same x. */
function nextPoint(
  points: readonly PlacedPoint[],
  current: PlacedPoint | undefined,
  key: string,
): PlacedPoint | undefined {
  const index = current === undefined ? -1 : points.indexOf(current);
  switch (key) {
    case 'ArrowRight':
      return points[Math.min(index + 1, points.length - 1)];
    case 'ArrowLeft':
      return points[index === -1 ? points.length - 1 : Math.max(index - 1, 0)];
    case 'Home':
      return points[0];
    case 'End':
      return points[points.length - 1];
    case 'ArrowDown':
    case 'ArrowUp':
      return current === undefined ? points[0] : inOtherSeries(points, current, key === 'ArrowDown' ? 1 : -1);
    default:
      return undefined;
  }
}

function inOtherSeries(points: readonly PlacedPoint[], current: PlacedPoint, step: number): PlacedPoint {
  const keys = [...new Set(points.map(({ series }) => series.key))].sort();
  const key = keys[(keys.indexOf(current.series.key) + step + keys.length) % keys.length];
  const distance = (point: PlacedPoint): number => Math.abs(point.x - current.x);
  return points
    .filter(({ series }) => series.key === key)
    .reduce((best, point) => (distance(point) < distance(best) ? point : best));
}
