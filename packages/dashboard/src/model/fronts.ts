import { cornersOfPoints, frontOf, hypervolume, verticesOf, type Corners, type Directions } from './front.js';
import type { Interval } from './intervals.js';
import type { Outcome } from './outcomes.js';
import { winnersOf, type FrontShape, type Win } from './winners.js';

/** A point with numbers on both axes. */
export interface FrontPoint {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly outcome: Outcome;
  /** Whether it keeps all conditions (SLO) that were set. */
  readonly isKept: boolean;
  readonly interval: Interval | undefined;
}

export interface SeriesFront {
  readonly key: string;
  readonly points: readonly FrontPoint[];
  /** In the order of x, each place once. */
  readonly front: readonly FrontPoint[];
  /** Rows that no other of the series dominates. */
  readonly best: ReadonlySet<number>;
  /** Share of the box between `corners` that it dominates. */
  readonly score: number | undefined;
}

export interface Fronts {
  readonly series: readonly SeriesFront[];
  readonly wins: readonly Win[];
  readonly corners: Corners | undefined;
  /** Points that lack a number on an axis. */
  readonly lacking: readonly number[];
}

export interface FrontsInput {
  readonly rows: readonly number[];
  readonly seriesOf: (row: number) => string;
  readonly pointOf: (row: number) => FrontPoint;
  readonly directions: Directions;
  readonly shape: FrontShape;
}

/** Fronts are those of valid points that keep the conditions; the others are shown, but on no front. */
export function frontsOf({ rows, seriesOf, pointOf, directions, shape }: FrontsInput): Fronts {
  const bySeries = new Map<string, FrontPoint[]>();
  const lacking: number[] = [];
  for (const row of rows) {
    const point = pointOf(row);
    if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) {
      lacking.push(row);
      continue;
    }
    const key = seriesOf(row);
    const points = bySeries.get(key);
    if (points === undefined) bySeries.set(key, [point]);
    else points.push(point);
  }
  const parts = [...bySeries].map(([key, points]) => {
    const candidates = points.filter(({ outcome, isKept }) => outcome === 'valid' && isKept);
    return { key, points, candidates, front: frontOf(candidates, directions) };
  });
  const corners = cornersOfPoints(
    parts.flatMap(({ candidates }) => candidates),
    directions,
  );
  const series = parts.map(({ key, points, front }) => ({
    key,
    points,
    front: verticesOf(front),
    best: new Set(front.map(({ row }) => row)),
    score: corners && front.length > 0 ? hypervolume(front, corners, directions) : undefined,
  }));
  const curves = series.map(({ key, front }) => ({ key, points: front }));
  return { series, wins: winnersOf(curves, shape, directions), corners, lacking };
}

/** Runs of neighbouring points of a front that have intervals: between others nothing is known of its uncertainty. */
export function knownStretches(front: readonly FrontPoint[]): readonly (readonly FrontPoint[])[] {
  const stretches: FrontPoint[][] = [];
  let isOpen = false;
  for (const point of front) {
    if (point.interval === undefined) isOpen = false;
    else if (isOpen) stretches.at(-1)?.push(point);
    else {
      stretches.push([point]);
      isOpen = true;
    }
  }
  return stretches.filter((stretch) => stretch.length > 1);
}

/** Of these rows, those of the newest run of each series that has any; the rest is left out. */
export function newestOnly(
  rows: readonly number[],
  seriesOf: (row: number) => string,
  beginOf: (row: number) => string | undefined,
  runOf: (row: number) => string | undefined,
): readonly number[] {
  const newest = new Map<string, { readonly begin: string; readonly run: string }>();
  for (const row of rows) {
    const [key, begin, run] = [seriesOf(row), beginOf(row) ?? '', runOf(row) ?? ''];
    const known = newest.get(key);
    if (known === undefined || begin > known.begin || (begin === known.begin && run > known.run))
      newest.set(key, { begin, run });
  }
  return rows.filter((row) => newest.get(seriesOf(row))?.run === (runOf(row) ?? ''));
}
