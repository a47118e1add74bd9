import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cornersOfPoints,
  frontOf,
  hypervolume,
  verticesOf,
  type Directions,
  type Xy,
} from '../../src/model/front.js';
import { winnersOf, type Curve, type FrontShape } from '../../src/model/winners.js';

const better = fc.constantFrom('higher' as const, 'lower' as const);
const directionsArb = fc.record({ x: better, y: better });
// Few different numbers, so that many are equal.
const pointsArb = fc.array(
  fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 9 }) }),
  {
    maxLength: 25,
  },
);

function dominates(a: Xy, b: Xy, { x, y }: Directions): boolean {
  const [dx, dy] = [(x === 'higher' ? 1 : -1) * (a.x - b.x), (y === 'higher' ? 1 : -1) * (a.y - b.y)];
  return dx >= 0 && dy >= 0 && (dx > 0 || dy > 0);
}

describe('fronts', () => {
  test('are what brute force finds, equal points included', () => {
    fc.assert(
      fc.property(pointsArb, directionsArb, (points, directions) => {
        const expected = points.filter(
          (point) => !points.some((other) => dominates(other, point, directions)),
        );
        const front = frontOf(points, directions);
        expect(new Set(front)).toEqual(new Set(expected));
        expect(front).toHaveLength(expected.length);
        expect(front.map(({ x }) => x)).toEqual(front.map(({ x }) => x).sort((a, b) => a - b));
      }),
    );
  });

  test('have no point that lacks a number', () => {
    const points = [
      { x: NaN, y: 9 },
      { x: 1, y: Infinity },
      { x: 1, y: 2 },
    ];
    expect(frontOf(points, { x: 'higher', y: 'higher' })).toEqual([{ x: 1, y: 2 }]);
  });

  test('score as the cells of a grid that they dominate', () => {
    fc.assert(
      fc.property(pointsArb, directionsArb, (points, directions) => {
        const corners = cornersOfPoints(points, directions);
        if (corners === undefined) return;
        const { reference, ideal } = corners;
        const cells = Math.abs(ideal.x - reference.x) * Math.abs(ideal.y - reference.y);
        const score = hypervolume(frontOf(points, directions), corners, directions);
        if (cells === 0) {
          expect(score).toBeUndefined();
          return;
        }
        let held = 0;
        for (let x = Math.min(ideal.x, reference.x); x < Math.max(ideal.x, reference.x); x += 1)
          for (let y = Math.min(ideal.y, reference.y); y < Math.max(ideal.y, reference.y); y += 1)
            if (points.some((point) => dominates(point, { x: x + 0.5, y: y + 0.5 }, directions))) held += 1;
        expect(score).toBeCloseTo(held / cells, 9);
      }),
    );
  });
});

/** Value of a curve by its definition. */
function valueAt(
  { points }: Curve,
  x: number,
  shape: FrontShape,
  directions: Directions,
): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || x < first.x || x > last.x) return undefined;
  if (shape === 'steps') {
    const reached = points.filter((point) => (directions.x === 'higher' ? point.x >= x : point.x <= x));
    const ys = reached.map(({ y }) => y);
    return directions.y === 'higher' ? Math.max(...ys) : Math.min(...ys);
  }
  const end = points.findIndex((point) => point.x >= x);
  const [a, b] = [points[end - 1], points[end]];
  if (a === undefined || b === undefined) return b?.y;
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}

describe('who wins where', () => {
  test('is what is best at each x, and nothing beyond the ends of a front', () => {
    fc.assert(
      fc.property(
        fc.array(pointsArb, { minLength: 1, maxLength: 5 }),
        directionsArb,
        fc.constantFrom<FrontShape>('steps', 'straight'),
        (all, directions, shape) => {
          const curves = all.map((points, index) => ({
            key: `s${index}`,
            points: verticesOf(frontOf(points, directions)),
          }));
          const wins = winnersOf(curves, shape, directions);
          for (let x = 0.0137; x < 9; x += 0.2179) {
            const values = curves.flatMap((curve) => {
              const value = valueAt(curve, x, shape, directions);
              return value === undefined ? [] : [{ key: curve.key, value }];
            });
            const win = wins.find(({ from, to }) => from < x && x < to);
            if (values.length === 0) {
              expect(win).toBeUndefined();
              continue;
            }
            const best = values.map(({ value }) => value);
            const target = directions.y === 'higher' ? Math.max(...best) : Math.min(...best);
            const winners = values
              .filter(({ value }) => Math.abs(value - target) < 1e-9)
              .map(({ key }) => key);
            // Close to a crossing both are equal for the eye of this test.
            expect(win?.keys.length).toBeGreaterThan(0);
            for (const key of win?.keys ?? []) expect(winners).toContain(key);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('changes exactly where two fronts cross', () => {
    const curves = [
      {
        key: 'a',
        points: [
          { x: 0, y: 10 },
          { x: 10, y: 0 },
        ],
      },
      {
        key: 'b',
        points: [
          { x: 0, y: 6 },
          { x: 12, y: 3 },
        ],
      },
    ];
    const wins = winnersOf(curves, 'straight', { x: 'higher', y: 'higher' });
    expect(wins.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    expect(wins[0]?.to).toBeCloseTo(16 / 3, 12);
    expect(wins[1]?.to).toBe(12);
  });
});
