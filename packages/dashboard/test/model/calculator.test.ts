import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerAt, sureCosts, usualTarget, type CalculatorPoint } from '../../src/model/calculator.js';
import { interpolated } from '../../src/model/interpolate.js';

function point(x: number, y: number, more: Partial<CalculatorPoint> = {}): CalculatorPoint {
  return {
    ...{ row: x, x, y, measuredJ: undefined, usdPerHour: 1.8, watts: 2000 },
    ...{ devices: 8, tokensPerRequest: 2000, ...more },
  };
}

/** Interactivity and tokens/s per device; the third is on no front. */
const POINTS = [point(10, 1000), point(40, 200), point(15, 300), point(20, 800)];

function reachedAt(target: number, load?: Parameters<typeof answerAt>[3]) {
  const answer = answerAt(POINTS, target, 'higher', load);
  if (answer.kind !== 'reached') throw new Error(answer.kind);
  return answer.reached;
}

describe('answerAt', () => {
  it('has the numbers of a point where it was measured', () => {
    const reached = reachedAt(20);
    expect(reached).toMatchObject({ throughput: 800, measuredJ: undefined, needed: undefined });
    // 1.8 $ buy 800 × 3600 tokens; 2000 W make 800 tokens/s.
    expect(reached.usdPerMillion).toBeCloseTo((1.8 / (800 * 3600)) * 1e6, 12);
    expect(reached.provisionedJ).toBeCloseTo(2.5, 12);
    expect(reached.between.map(({ row }) => row)).toEqual([20, 20]);
  });

  it('is on the curve through the front between two of its points, and names both', () => {
    const reached = reachedAt(15);
    const front = [POINTS[0]!, POINTS[3]!, POINTS[1]!];
    expect(reached.throughput).toBe(interpolated(front, 15));
    // At 20 tok/s/user it is measured that 15 are reached; so it is at 200 ms with a limit of 250.
    expect(reached.sure).toBe(800);
    expect(sureCosts(reached).usdPerMillion).toBeCloseTo((1.8 / (800 * 3600)) * 1e6, 12);
    expect(answerAt([point(200, 400), point(300, 900)], 250, 'lower', undefined)).toMatchObject({
      reached: { sure: 400 },
    });
    expect(reached.between.map(({ row }) => row)).toEqual([10, 20]);
  });

  it.each([9.99, 40.01, 0])('says what was measured where %d was not', (target) => {
    const answer = answerAt(POINTS, target, 'higher', undefined);
    expect(answer).toMatchObject({
      kind: 'not measured there',
      unreached: { from: { row: 10 }, to: { row: 40 } },
    });
  });

  it('takes a limit of a latency, of which less is better', () => {
    const points = [point(100, 500), point(200, 900), point(150, 400)];
    expect(answerAt(points, 200, 'lower', undefined)).toMatchObject({ reached: { throughput: 900 } });
    expect(answerAt(points, 90, 'lower', undefined).kind).toBe('not measured there');
  });

  it('has no numbers of points without any, and one point reaches itself alone', () => {
    expect(answerAt([point(NaN, 1), point(1, NaN)], 1, 'higher', undefined).kind).toBe('no numbers');
    expect(answerAt([point(5, 10)], 5, 'higher', undefined).kind).toBe('reached');
    expect(answerAt([point(5, 10)], 5.1, 'higher', undefined).kind).toBe('not measured there');
  });

  it('counts devices of a load, whole ones and whole servers', () => {
    // 10,000 tokens/s at 800 per device: 12.5 devices, two servers of 8.
    expect(reachedAt(20, { amount: 10_000, unit: 'tokens/s' }).needed).toEqual({
      ...{ amount: 10_000, tokensPerSecond: 10_000, devices: 13 },
      ...{ inServers: { devices: 16, servers: 2 }, kilowatts: 32, usdPerHour: 28.8 },
    });
    // Five requests/s of 2000 tokens are as many; 6,400 tokens/s are exactly one server.
    expect(reachedAt(20, { amount: 5, unit: 'requests/s' }).needed?.devices).toBe(13);
    expect(reachedAt(20, { amount: 6400, unit: 'tokens/s' }).needed?.inServers?.servers).toBe(1);
  });

  it('counts no servers where both points have others, and nothing where a request is not known', () => {
    const points = [point(10, 1000, { devices: 4, tokensPerRequest: undefined }), point(20, 800)];
    const needed = (unit: 'tokens/s' | 'requests/s') => {
      const answer = answerAt(points, 15, 'higher', { amount: 2000, unit });
      return answer.kind === 'reached' ? answer.reached.needed : 'none';
    };
    expect(needed('tokens/s')).toMatchObject({ devices: 3, inServers: undefined });
    expect(needed('requests/s')).toBeUndefined();
  });

  it('has measured energy only where both points do', () => {
    const both = [point(10, 1000, { measuredJ: 1 }), point(20, 800, { measuredJ: 2 })];
    expect(answerAt(both, 12.5, 'higher', undefined)).toMatchObject({ reached: { measuredJ: 1.25 } });
    const one = [both[0]!, point(20, 800)];
    expect(answerAt(one, 12.5, 'higher', undefined)).toMatchObject({ reached: { measuredJ: undefined } });
  });

  it('is never above or below the points that it names', () => {
    const points = fc.array(
      fc.record({ x: fc.integer({ min: 1, max: 200 }), y: fc.integer({ min: 1, max: 9000 }) }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 210 }), fc.boolean(), (all, target, isHigher) => {
        const better = isHigher ? 'higher' : 'lower';
        const answer = answerAt(
          all.map(({ x, y }, row) => point(x, y, { row })),
          target,
          better,
          undefined,
        );
        if (answer.kind !== 'reached') return;
        const [a, b] = answer.reached.between;
        expect(a.x <= target && b.x >= target).toBe(true);
        expect(answer.reached.throughput).toBeGreaterThanOrEqual(Math.min(a.y, b.y));
        expect(answer.reached.throughput).toBeLessThanOrEqual(Math.max(a.y, b.y));
      }),
    );
  });
});

describe('usualTarget', () => {
  it('is where most options were measured', () => {
    const options = [POINTS, [point(18, 5), point(22, 4)], [point(100, 5)]];
    const target = usualTarget(options, 'higher')!;
    expect(target).toBeGreaterThanOrEqual(18);
    expect(target).toBeLessThanOrEqual(22);
  });

  it('is nothing without points', () => {
    expect(usualTarget([], 'higher')).toBeUndefined();
    expect(usualTarget([[point(NaN, 2)]], 'higher')).toBeUndefined();
  });
});
