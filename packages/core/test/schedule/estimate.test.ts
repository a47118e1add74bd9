import { describe, expect, it } from 'vitest';
import type { PlannedPoint } from '../../src/plan/plan.js';
import type { Result } from '../../src/results/schema.js';
import { estimateFrom } from '../../src/schedule/estimate.js';
import { forecast } from '../../src/schedule/forecast.js';
import type { SessionTask } from '../../src/schedule/tasks.js';

const job = (more: object = {}) => ({
  ...{ model: 'm', precision: 'fp8', framework: 'sglang', runner: 'h200', image: 'a:1', isl: 1024 },
  ...more,
});

const planned = (name: string, concurrency: number, more: object = {}): PlannedPoint =>
  ({ name, state: 'planned', point: { job: job(more), concurrency } }) as unknown as PlannedPoint;

function result(name: string, concurrency: number, seconds: number, more: object = {}): Result {
  const finishedAt = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
  return {
    ...{ name, concurrency, job: job({ image: 'a:0', ...more }), state: 'completed', marks: [] },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt },
  } as unknown as Result;
}

describe('an estimate', () => {
  it('is the median of what the point itself took lately, then of its curve, then of its model', () => {
    const estimate = estimateFrom([
      result('p', 1, 9_000),
      result('p', 1, 9_000),
      result('p', 1, 100),
      result('p', 1, 200),
      result('q', 2, 400),
      result('r', 4, 800, { isl: 8192 }),
    ]);

    expect(estimate(planned('p', 1))).toEqual({ seconds: 150, basis: 'point' });
    expect(estimate(planned('new', 8))).toEqual({ seconds: 200, basis: 'curve' });
    expect(estimate(planned('new', 8, { isl: 512 }))).toEqual({ seconds: 400, basis: 'model' });
    expect(estimate(planned('new', 8, { model: 'other' }))).toBeUndefined();
  });

  it('is never taken from a point that failed', () => {
    const failed = { ...result('p', 1, 5), state: 'failed' } as Result;
    expect(estimateFrom([failed])(planned('p', 1))).toBeUndefined();
  });
});

it('a forecast runs the schedule with the estimates, and says how many points have none', () => {
  const queue = { name: 'h200', nodes: 2, machines: [] };
  const task = (name: string, more: object = {}): SessionTask => ({
    ...{ points: [planned(name, 1, more)], queue, nodes: 1, config: name, rank: 0, priority: 0 },
    isPinned: false,
  });
  const tasks = [task('a'), task('b'), task('c'), task('d', { model: 'other' })];
  const past = [result('a', 1, 3600), result('b', 1, 3600)];

  expect(forecast(tasks, estimateFrom(past), false)).toEqual({
    ...{ points: 4, sessions: 4, hours: 2, nodeHours: 4 },
    estimates: { point: 2, curve: 1, model: 0, mean: 1 },
    queues: [{ name: 'h200', nodes: 2, sessions: 4, points: 4, hours: 2 }],
  });
  expect(forecast(tasks, estimateFrom([]), false)).not.toHaveProperty('hours');
});
