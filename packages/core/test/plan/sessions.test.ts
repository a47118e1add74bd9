import { expect, it } from 'vitest';
import type { PlannedPoint } from '../../src/plan/plan.js';
import { repeatsOf } from '../../src/plan/repeats.js';
import { sessionsOf } from '../../src/plan/sessions.js';

const point = (concurrency: number, argv: readonly string[], kind = 'delegate', name = ''): PlannedPoint =>
  ({
    state: 'planned',
    name: `${argv.join('-')}-${concurrency}${name}`,
    point: { job: {}, concurrency },
    runner: { label: 'x', sku: { name: 'x' } },
    plan:
      kind === 'delegate'
        ? { kind, submit: { argv, env: {} } }
        : { kind, roles: argv, endpoint: { ref: 'port', role: 'server' }, ready: [] },
  }) as unknown as PlannedPoint;

const names = (points: readonly PlannedPoint[], reuse = false) =>
  sessionsOf(points, { reuse }).map((session) => session.map(({ name }) => name));

it('submits a delegate once for all concurrencies of its plan, wherever they are, and again for repeats', () => {
  const [one, two] = [['a'], ['b']];
  expect(
    names([point(1, one), point(1, two), point(2, one), point(1, one, 'delegate', '/r2'), point(2, two)]),
  ).toEqual([['a-1', 'a-2'], ['b-1', 'b-2'], ['a-1/r2']]);
});

it('starts a server for each point, unless servers are reused', () => {
  const points = [point(1, ['a'], 'serve'), point(2, ['a'], 'serve'), point(1, ['b'], 'serve')];
  expect(names(points)).toEqual([['a-1'], ['a-2'], ['b-1']]);
  expect(names(points, true)).toEqual([['a-1', 'a-2'], ['b-1']]);
});

it('never reuses a server for repeats of different numbers, whatever their order', () => {
  const points = repeatsOf([point(1, ['a'], 'serve'), point(2, ['a'], 'serve')], 2);
  const [one, again, two, twoAgain] = points as [PlannedPoint, PlannedPoint, PlannedPoint, PlannedPoint];
  expect(names([again, one, two, twoAgain], true)).toEqual([
    ['a-1.r2', 'a-2.r2'],
    ['a-1', 'a-2'],
  ]);
});

it('reuses a server wherever its points are, but never for a point that is selected twice: its prompts would be known', () => {
  const points = [point(1, ['a'], 'serve'), point(1, ['b'], 'serve'), point(2, ['a'], 'serve')];
  expect(names([...points, point(1, ['a'], 'serve', '-2')], true)).toEqual([
    ['a-1', 'a-2'],
    ['b-1'],
    ['a-1-2'],
  ]);
});
