import { expect, it } from 'vitest';
import type { PlannedPoint } from '../../src/plan/plan.js';
import { repeatsOf } from '../../src/plan/repeats.js';
import { measuringOrder } from '../../src/schedule/measuring-order.js';

const point = (model: string, concurrency: number): PlannedPoint =>
  ({ name: `${model}-${concurrency}`, point: { job: { model }, concurrency } }) as unknown as PlannedPoint;

const once = ['a', 'b'].flatMap((model) => [8, 1, 2, 4].map((concurrency) => point(model, concurrency)));

it('is all repeats of all points, the first of the lowest load of each config before all others', () => {
  const points = repeatsOf(once, 3);
  const order = measuringOrder(points, 'seed');
  expect(order.slice(0, 2)).toEqual(['a-1', 'b-1']);
  expect(order.toSorted()).toEqual(points.map(({ name }) => name).toSorted());
});

it('follows from the seed, and mixes repeats and configs', () => {
  const points = repeatsOf(once, 3);
  const orders = ['one', 'two', 'three'].map((seed) => measuringOrder(points, seed).join());
  expect(new Set(orders).size).toBe(3);
  expect(measuringOrder(points.toReversed(), 'one').slice(2)).toEqual(measuringOrder(points, 'one').slice(2));
  const ofConfigs = orders.map((order) => order.replaceAll(/-[\d.r]+|,/g, ''));
  for (const text of ofConfigs) expect(text).toMatch(/ab.*b.*a.*b/);
});

it('every place is about as likely for every point', () => {
  const points = repeatsOf([point('a', 1), point('a', 2), point('a', 4)], 2);
  const firsts = Array.from({ length: 500 }, (_, seed) => measuringOrder(points, `${seed}`)[1]);
  const names = points.map(({ name }) => name).filter((name) => name !== 'a-1');
  for (const name of names)
    expect(Math.abs(firsts.filter((first) => first === name).length - 100)).toBeLessThan(40);
});

it('the places of points to each other stay when others come and go', () => {
  const before = measuringOrder(repeatsOf(once, 2), 'seed');
  const after = measuringOrder(repeatsOf([...once, point('c', 1), point('a', 16)], 2), 'seed');
  expect(after.filter((name) => before.includes(name))).toEqual(before);
});
