import { scaleLinear, scaleLog, scaleUtc } from 'd3-scale';
import { numberText } from '../../src/model/number-text.js';
import type { ChartAxis, ChartData } from './chart-data.js';

/** An axis with its place in the picture. */
export interface Scale {
  /** Pixels; not finite where the axis has no place for a value. */
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** @param from, to pixels of its ends; @param room pixels that a tick needs */
export function scaleOf(
  axis: ChartAxis,
  domain: readonly [number, number],
  [from, to, room]: readonly [number, number, number],
): Scale {
  const count = Math.max(2, Math.floor(Math.abs(to - from) / room));
  const named = axis.ticks?.filter(({ value }) => value >= domain[0] && value <= domain[1]);
  if (axis.scale === 'time') {
    const scale = scaleUtc([...domain], [from, to]);
    const format = scale.tickFormat(count);
    return {
      at: (value) => scale(value),
      ticks:
        named?.map(({ value, label }) => ({ at: scale(value), label })) ??
        scale.ticks(count).map((tick) => ({ at: scale(tick), label: format(tick) })),
    };
  }
  const scale =
    axis.scale === 'log' ? scaleLog([...domain], [from, to]) : scaleLinear([...domain], [from, to]);
  const values = axis.scale === 'log' ? logTicks(domain, count) : scale.ticks(count);
  return {
    at: (value) => scale(value),
    ticks:
      named?.map(({ value, label }) => ({ at: scale(value), label })) ??
      values.map((tick) => ({ at: scale(tick), label: numberText(tick) })),
  };
}

/** 1, 2 and 5 of each power of ten, or fewer of them where there is less room; where there are hardly any, those of a linear axis. */
function logTicks([low, high]: readonly [number, number], count: number): readonly number[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = powersOfTen(low, high).flatMap((power) => steps.map((step) => step * power));
    const inside = ticks.filter((tick) => tick >= low && tick <= high);
    if (inside.length < 3) break;
    if (inside.length <= count) return inside;
  }
  const ticks = scaleLog([low, high], [0, 1]).ticks(1);
  return ticks.length >= 3
    ? thinned(ticks, count)
    : scaleLinear([low, high], [0, 1]).ticks(Math.min(count, 5));
}

function powersOfTen(low: number, high: number): readonly number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

function thinned(ticks: readonly number[], count: number): readonly number[] {
  const every = Math.ceil(ticks.length / count);
  return ticks.filter((_, index) => index % every === 0);
}

/** Whether the axis has a place for a value. */
export function hasPlace(axis: ChartAxis, value: number): boolean {
  return Number.isFinite(value) && (axis.scale !== 'log' || value > 0);
}

/** The ends of both axes: what is drawn, and a little room around it. */
export function domainsOf({
  x,
  y,
  series,
  rules = [],
}: ChartData): Record<'x' | 'y', readonly [number, number]> {
  const [xs, ys] = [new Range(x), new Range(y)];
  for (const { points, lines = [], bands = [] } of series) {
    for (const point of points) {
      if (!hasPlace(x, point.x) || !hasPlace(y, point.y)) continue;
      xs.add(point.x);
      ys.add(point.y);
      if (point.low !== undefined) ys.add(point.low);
      if (point.high !== undefined) ys.add(point.high);
    }
    for (const line of lines)
      for (const vertex of line.points) {
        xs.add(vertex.x);
        ys.add(vertex.y);
      }
    for (const band of bands)
      for (const vertex of band.points) {
        xs.add(vertex.x);
        ys.add(vertex.low);
        ys.add(vertex.high);
      }
  }
  for (const { axis, value } of rules) (axis === 'x' ? xs : ys).add(value);
  return { x: xs.ends(), y: ys.ends() };
}

class Range {
  readonly #axis: ChartAxis;
  #low = Infinity;
  #high = -Infinity;

  constructor(axis: ChartAxis) {
    this.#axis = axis;
  }

  add(value: number): void {
    if (!hasPlace(this.#axis, value)) return;
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  ends(): readonly [number, number] {
    const { scale, hasZero = false, domain } = this.#axis;
    if (domain !== undefined) return domain;
    if (this.#low > this.#high) return scale === 'log' ? [1, 10] : [0, 1];
    if (scale === 'log') {
      const room = this.#low === this.#high ? 2 : (this.#high / this.#low) ** 0.04;
      return [this.#low / room, this.#high * room];
    }
    const low = hasZero ? Math.min(0, this.#low) : this.#low;
    const high = hasZero ? Math.max(0, this.#high) : this.#high;
    const room = low === high ? Math.abs(low) / 10 || 1 : (high - low) * 0.04;
    return [hasZero && low === 0 ? 0 : low - room, hasZero && high === 0 ? 0 : high + room];
  }
}
