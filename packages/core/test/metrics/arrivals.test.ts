import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrivalsBetween } from '../../src/metrics/arrivals.js';
import { sum } from '../../src/metrics/statistics.js';
import { request } from './run.js';

/** Chunks at 150, 160, 200 and 350 with 1.5 tokens each. */
const record = request();

it('puts an arrival on a border into the span before it', () => {
  const arrived = arrivalsBetween([record], [100, 150, 200, 350]);
  expect([...(arrived.outputTokens ?? [])]).toEqual([1.5, 3, 1.5]);
  expect([...(arrived.inputTokens ?? [])]).toEqual([10, 0, 0]);
  expect([...arrived.completed]).toEqual([0, 0, 1]);
});

it('leaves out what came before and after', () => {
  const arrived = arrivalsBetween([record], [150, 200]);
  expect([...(arrived.outputTokens ?? [])]).toEqual([3]);
  expect([...(arrived.inputTokens ?? [])]).toEqual([0]);
  expect([...arrived.completed]).toEqual([0]);
});

it('can not tell tokens of requests without a count', () => {
  const arrived = arrivalsBetween(
    [record, request({ outputTokens: undefined, promptTokens: undefined, serverPromptTokens: undefined })],
    [0, 999],
  );
  expect(arrived).not.toHaveProperty('outputTokens');
  expect(arrived).not.toHaveProperty('inputTokens');
  expect([...arrived.completed]).toEqual([2]);
});

it('loses and doubles nothing, however time is cut', () => {
  const borders = fc.array(fc.integer({ min: 101, max: 349 }), { maxLength: 20 });
  fc.assert(
    fc.property(borders, (inner) => {
      const arrived = arrivalsBetween([record, record], [100, ...inner.sort((a, b) => a - b), 350]);
      const total = (values: Float64Array | undefined) => sum(values ?? []);
      expect([total(arrived.outputTokens), total(arrived.inputTokens), total(arrived.completed)]).toEqual([
        12, 20, 2,
      ]);
    }),
  );
});
