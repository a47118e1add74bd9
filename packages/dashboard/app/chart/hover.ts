import { quadtree } from 'd3-quadtree';
import type { ChartPoint, ChartSeries } from './chart-data.js';
import { placeOf, type Plot } from './plot.js';

export interface PlacedPoint {
  readonly series: ChartSeries;
  readonly point: ChartPoint;
  /** Pixels. */
  readonly x: number;
  readonly y: number;
}

/** All points that are drawn, in the order of x; equal ones in the order of y. */
export function placedPoints(plot: Plot): readonly PlacedPoint[] {
  return plot.data.series
    .flatMap((series) =>
      series.points.flatMap((point) => {
        const place = placeOf(plot, point);
        return place === undefined ? [] : [{ series, point, x: place[0], y: place[1] }];
      }),
    )
    .sort((a, b) => a.x - b.x || a.y - b.y);
}

/** Finds the nearest point within so many pixels. */
export type Finder = (x: number, y: number, within: number) => PlacedPoint | undefined;

export function finderOf(points: readonly PlacedPoint[]): Finder {
  const tree = quadtree<PlacedPoint>(
    [...points],
    ({ x }) => x,
    ({ y }) => y,
  );
  return (x, y, within) => tree.find(x, y, within);
}
