export type Better = 'higher' | 'lower';

/** Which way each axis is better. */
export interface Directions {
  readonly x: Better;
  readonly y: Better;
}

export interface Xy {
  readonly x: number;
  readonly y: number;
}

/**
 * Of these points, those that no other dominates, in the order of x. One dominates another if it is at least as good on both axes, and better
 * on one: so equal points are all on the front, and of those with equal x or equal y only the best. Points that lack a number are on no front.
 */
export function frontOf<P extends Xy>(points: readonly P[], directions: Directions): readonly P[] {
  const [signX, signY] = [signOf(directions.x), signOf(directions.y)];
  const finite = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const sorted = withoutClearlyWorse(finite, signX, signY).sort(
    (a, b) => signX * (b.x - a.x) || signY * (b.y - a.y),
  );
  const front: P[] = [];
  for (const point of sorted) {
    const last = front.at(-1);
    const isBetter = last === undefined || signY * (point.y - last.y) > 0;
    if (isBetter || (last.x === point.x && last.y === point.y)) front.push(point);
  }
  return directions.x === 'higher' ? front.reverse() : front;
}

/** Without what one good point dominates, as sorting is what takes time. */
function withoutClearlyWorse<P extends Xy>(points: readonly P[], signX: number, signY: number): P[] {
  const [x, y] = [
    scaleOf(points, signX, ({ x: value }) => value),
    scaleOf(points, signY, ({ y: value }) => value),
  ];
  let [champion, best] = [points[0], -Infinity];
  for (const point of points) {
    const rank = Math.min(x(point.x), y(point.y));
    if (rank > best) [champion, best] = [point, rank];
  }
  if (champion === undefined) return [];
  const [atX, atY] = [signX * champion.x, signY * champion.y];
  return points.filter((point) => signX * point.x >= atX || signY * point.y >= atY);
}

/** 0 for the worst number, 1 for the best. */
function scaleOf(points: readonly Xy[], sign: number, of: (point: Xy) => number): (value: number) => number {
  let [worst, best] = [Infinity, -Infinity];
  for (const point of points) {
    worst = Math.min(worst, sign * of(point));
    best = Math.max(best, sign * of(point));
  }
  return (value) => (best === worst ? 1 : (sign * value - worst) / (best - worst));
}

/** Corners of a front's line: each place once. */
export function verticesOf<P extends Xy>(front: readonly P[]): readonly P[] {
  return front.filter(({ x, y }, index) => {
    const before = front[index - 1];
    return before?.x !== x || before.y !== y;
  });
}

/** Where a scale of hypervolumes has its ends: 0 of it, and all of it. */
export interface Corners {
  readonly reference: Xy;
  readonly ideal: Xy;
}

/** The worst and the best numbers of these points on each axis; the worst is 0 where more is better. Undefined without points. */
export function cornersOfPoints(points: readonly Xy[], { x, y }: Directions): Corners | undefined {
  if (points.length === 0) return undefined;
  const ends = (better: Better, of: (point: Xy) => number): readonly [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const point of points) {
      low = Math.min(low, of(point));
      high = Math.max(high, of(point));
    }
    return better === 'higher' ? [Math.min(0, low), high] : [high, low];
  };
  const [xs, ys] = [ends(x, (point) => point.x), ends(y, (point) => point.y)];
  return { reference: { x: xs[0], y: ys[0] }, ideal: { x: xs[1], y: ys[1] } };
}

/** Which share of the box between both corners a front dominates: 0 to 1. Undefined where the box has no area. */
export function hypervolume(
  front: readonly Xy[],
  { reference, ideal }: Corners,
  directions: Directions,
): number | undefined {
  const box = Math.abs(ideal.x - reference.x) * Math.abs(ideal.y - reference.y);
  if (box === 0) return undefined;
  const gain = ({ x, y }: Xy): Xy => ({
    x: Math.max(0, signOf(directions.x) * (x - reference.x)),
    y: Math.max(0, signOf(directions.y) * (y - reference.y)),
  });
  let [area, height] = [0, 0];
  for (const { x, y } of front.map(gain).sort((a, b) => b.x - a.x)) {
    if (y <= height) continue;
    area += x * (y - height);
    height = y;
  }
  return area / box;
}

function signOf(better: Better): 1 | -1 {
  return better === 'higher' ? 1 : -1;
}
