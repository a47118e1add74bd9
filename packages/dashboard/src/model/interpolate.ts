import type { Xy } from './front.js';

/**
 * A curve through points, by Steffen's monotone cubic Hermite interpolation (Astronomy and Astrophysics 239, 443, 1990): it hits all points,
 * and has no extremum between two of them.
 * @param points in the order of x, each x once
 * @returns undefined outside of the points: nothing is extrapolated
 */
export function interpolated(points: readonly Xy[], x: number): number | undefined {
  const hit = points.find((point) => point.x === x);
  if (hit !== undefined) return hit.y;
  const index = points.findIndex((point, i) => point.x <= x && (points[i + 1]?.x ?? -Infinity) >= x);
  const [from, to] = [points[index], points[index + 1]];
  if (from === undefined || to === undefined) return undefined;
  const width = to.x - from.x;
  const slope = (to.y - from.y) / width;
  const [begin, end] = [slopeAt(points, index), slopeAt(points, index + 1)];
  const t = (x - from.x) / width;
  const value =
    from.y + width * t * (begin + t * (3 * slope - 2 * begin - end + t * (begin + end - 2 * slope)));
  // Rounding must not leave what both points span.
  return Math.min(Math.max(value, Math.min(from.y, to.y)), Math.max(from.y, to.y));
}

/** Neighbours of x: the last point up to it and the first from it on; the same one where it is hit. Undefined outside of the points. */
export function neighboursOf<P extends Xy>(points: readonly P[], x: number): readonly [P, P] | undefined {
  const before = points.filter((point) => point.x <= x).at(-1);
  const after = points.find((point) => point.x >= x);
  return before === undefined || after === undefined ? undefined : [before, after];
}

function slopeAt(points: readonly Xy[], index: number): number {
  const [before, at, after] = [points[index - 1], points[index], points[index + 1]];
  if (at === undefined) return 0;
  const left = before === undefined ? undefined : (at.y - before.y) / (at.x - before.x);
  const right = after === undefined ? undefined : (after.y - at.y) / (after.x - at.x);
  if (left === undefined || right === undefined) return left ?? right ?? 0;
  const [h, k] = [at.x - (before?.x ?? at.x), (after?.x ?? at.x) - at.x];
  const parabola = (left * k + right * h) / (h + k);
  return (
    (Math.sign(left) + Math.sign(right)) * Math.min(Math.abs(left), Math.abs(right), Math.abs(parabola) / 2)
  );
}
