import { describe, expect, it } from 'vitest';
import { logScale, scaleTo, tickText } from '../../src/report/scale.js';

describe('an axis', () => {
  it.each([
    [97, [0, 20, 40, 60, 80, 100]],
    [100, [0, 20, 40, 60, 80, 100]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [2.6, [0, 1, 2, 3]],
    [1200, [0, 250, 500, 750, 1000, 1250]],
  ])('up to %d has round ticks', (max, ticks) => {
    expect(scaleTo(max).ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
  });

  it('holds its greatest value, also when that is 0', () => {
    for (const max of [0, 1e-9, 3, 7, 1e7]) expect(scaleTo(max).at(max)).toBeLessThanOrEqual(1);
  });

  it.each([
    [37.8, 100.7, [40, 60, 80, 100]],
    [6, 7, [6, 7, 8]],
    [5, 5, [4.5, 5, 5.5]],
    [1, 64, [1, 2, 5, 10, 20, 50]],
    [0.02, 900, [0.1, 1, 10, 100, 1000]],
  ])('may be logarithmic, from %f to %f', (least, most, ticks) => {
    const scale = logScale(least, most);
    expect(scale.ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
    for (const tick of [least, most, ...scale.ticks]) {
      expect(scale.at(tick)).toBeGreaterThan(0);
      expect(scale.at(tick)).toBeLessThan(1);
    }
  });

  it('writes large and small ticks', () => {
    expect([12500, 0.30000000000000004, 0].map(tickText)).toEqual(['12,500', '0.3', '0']);
  });
});
