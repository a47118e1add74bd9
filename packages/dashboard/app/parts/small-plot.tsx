import './small-plot.css';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { useEffect, useRef, useState } from 'preact/hooks';
import { rangeOf } from '../../src/model/requests-over-time.js';
import { numberText } from '../../src/model/number-text.js';
import { PictureButtons } from './picture-buttons.js';

export interface PlotSeries {
  /** In the legend, if there are several. */
  readonly name: string;
  readonly kind: 'dots' | 'line' | 'bars';
  /** Of bars `x` is the left end, and `right` the other. */
  readonly points: readonly (readonly [x: number, y: number, right?: number])[];
  /** Number of its looks; by default its place among the series. */
  readonly look?: number;
}

export interface SmallPlotProps {
  readonly title: string;
  readonly unit: string;
  /** With its unit: `time since the load began (s)`. */
  readonly xLabel: string;
  readonly x?: readonly [number, number];
  /** Text of a tick of x; by default the number. */
  readonly xText?: (x: number) => string;
  readonly series: readonly PlotSeries[];
}

const HEIGHT = 170;
const MARGIN = { left: 56, right: 26, top: 8, bottom: 34 };
/** Looks of series: see small-plot.css. */
const LOOKS = 8;

/** A small picture of numbers. What it shows must be in a table as well, which the page adds. */
export function SmallPlot({ title, unit, xLabel, x, xText = numberText, series }: SmallPlotProps) {
  const [figure, width] = useWidth();
  const points = series.flatMap((one) => one.points);
  const right = points.map(([left, , end]) => end ?? left);
  const [low, high] = rangeOf(points.map(([, y]) => y));
  const xScale = scaleLinear()
    .domain(x ?? [rangeOf(points.map(([left]) => left))[0], rangeOf(right)[1]])
    .range([MARGIN.left, width - MARGIN.right]);
  // From 0, so that a small change doesn't look like a large one.
  const yScale = scaleLinear()
    .domain([Math.min(0, low), high > 0 ? high : 1])
    .nice(4)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  return (
    <figure class="small-plot" ref={figure}>
      <figcaption>
        {title}
        {unit !== '' && <span class="unit"> ({unit})</span>}
      </figcaption>
      <svg width={width} height={HEIGHT} role="img" aria-label={`${title}, over ${xLabel}`}>
        <Axes x={xScale} y={yScale} width={width} xLabel={xLabel} xText={xText} />
        {series.map((one, index) => (
          <path key={one.name} class={`${one.kind} ${lookOf(one, index)}`} d={pathOf(one, xScale, yScale)} />
        ))}
      </svg>
      {series.length > 1 && (
        <ul class="legend">
          {series.map((one, index) => (
            <li key={one.name}>
              <span class={`swatch ${lookOf(one, index)}`} aria-hidden="true" /> {one.name}
            </li>
          ))}
        </ul>
      )}
      <PictureButtons title={title} />
    </figure>
  );
}

function lookOf({ look }: PlotSeries, index: number): string {
  return `look-${(look ?? index) % LOOKS}`;
}

type Scale = ScaleLinear<number, number>;

function Axes({ x, y, width, xLabel, xText }: AxesProps) {
  const bottom = HEIGHT - MARGIN.bottom;
  return (
    <g class="axes" aria-hidden="true">
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
          <text x={MARGIN.left - 6} y={y(tick) + 4} text-anchor="end">
            {numberText(tick)}
          </text>
        </g>
      ))}
      {ticksOf(x, width, xText).map(([text, tick]) => (
        <text key={text} x={x(tick)} y={bottom + 14} text-anchor="middle">
          {text}
        </text>
      ))}
      <text class="label" x={width - MARGIN.right} y={HEIGHT - 4} text-anchor="end">
        {xLabel}
      </text>
    </g>
  );
}

/** px per character and tick. */
const CHARACTER = 6.4;
const TICK = 100;

/** Those whose text has a place. Days, for one, have the same text at several ticks: the first is kept. */
function ticksOf(
  x: Scale,
  width: number,
  textOf: (x: number) => string,
): readonly (readonly [text: string, tick: number])[] {
  const ticks = new Map<string, number>();
  for (const tick of x.ticks(Math.max(2, Math.floor(width / TICK)))) {
    const text = textOf(tick);
    const fits = x(tick) + (text.length * CHARACTER) / 2 <= width;
    if (fits && !ticks.has(text)) ticks.set(text, tick);
  }
  return [...ticks];
}

interface AxesProps {
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly xLabel: string;
  readonly xText: (x: number) => string;
}

/** One path for all of a series, as a load may have 100,000 requests. */
function pathOf({ kind, points }: PlotSeries, x: Scale, y: Scale): string {
  const at = (value: number): string => value.toFixed(1);
  if (kind === 'dots') return points.map(([px, py]) => `M${at(x(px))},${at(y(py))}h0.01`).join('');
  if (kind === 'line')
    return points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${at(x(px))},${at(y(py))}`).join('');
  return points
    .map(([left, top, right]) => {
      const gap = x(right ?? left) - x(left) > 3 ? 1 : 0;
      return `M${at(x(left))},${at(y(0))}V${at(y(top))}H${at(x(right ?? left) - gap)}V${at(y(0))}Z`;
    })
    .join('');
}

/** An element, and how wide it is. */
function useWidth() {
  const ref = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(480);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(200, Math.floor(element.clientWidth))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
}
