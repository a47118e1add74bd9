import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolated, neighboursOf } from '../../src/model/interpolate.js';

const FRONT = [
  { x: 10, y: 1000 },
  { x: 20, y: 800 },
  { x: 40, y: 100 },
];

/** Points with falling y, as fronts have. */
const fronts = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 })), {
    minLength: 2,
    maxLength: 12,
  })
  .map((steps) => {
    let [x, y] = [0, 20_000];
    return steps.map(([dx, dy]) => ({ x: (x += dx), y: (y -= dy) }));
  });

describe('interpolated', () => {
  it('has the value that is computed by hand', () => {
    // Slopes −20 and −35; at 20 the parabola's is (−20·20 − 35·10)/30 = −25, and Steffen's −2·min(20, 35, 12.5) = −25.
    // At 15, half of the way: 1000 + 10·½·(−20 + ½·(−60 + 40 + 25 + ½·(−45 + 40))).
    expect(interpolated(FRONT, 15)).toBeCloseTo(1000 + 5 * (-20 + 0.5 * (5 + 0.5 * -5)), 9);
  });

  it('is nothing outside of its points', () => {
    expect(interpolated(FRONT, 9.99)).toBeUndefined();
    expect(interpolated(FRONT, 40.01)).toBeUndefined();
    expect(interpolated(FRONT, NaN)).toBeUndefined();
    expect(interpolated([], 1)).toBeUndefined();
    expect(interpolated([{ x: 3, y: 5 }], 3)).toBe(5);
  });

  it('hits its points, and is monotone between them', () => {
    fc.assert(
      fc.property(fronts, (points) => {
        for (const { x, y } of points) expect(interpolated(points, x)).toBeCloseTo(y, 6);
        const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
        let before = Infinity;
        for (let step = 0; step <= 100; step += 1) {
          const value = interpolated(points, first + ((last - first) * step) / 100) ?? NaN;
          expect(value).toBeLessThanOrEqual(before + 1e-6);
          before = value;
        }
      }),
    );
  });
});

it('names the points next to a target', () => {
  expect(neighboursOf(FRONT, 25)).toEqual([FRONT[1], FRONT[2]]);
  expect(neighboursOf(FRONT, 20)).toEqual([FRONT[1], FRONT[1]]);
  expect(neighboursOf(FRONT, 41)).toBeUndefined();
});
