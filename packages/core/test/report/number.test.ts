import { expect, it } from 'vitest';
import { fixed, general } from '../../src/report/number.js';

// Right-hand sides are what Python prints for f'{x:.4f}'.
it.each([
  [480.125, '480.1250'],
  [0.03125, '0.0312'],
  [0.09375, '0.0938'],
  [-0.03125, '-0.0312'],
  [11.80025, '11.8003'],
  [0.99999, '1.0000'],
  [0, '0.0000'],
  [1e-8, '0.0000'],
])('prints %d with four decimals as %s', (value, text) => {
  expect(fixed(value, 4)).toBe(text);
});

// Right-hand sides are what Python prints for f'{x:g}'.
it.each([
  [480.125, '480.125'],
  [1000.125, '1000.12'],
  [1000.375, '1000.38'],
  [1260.7654, '1260.77'],
  [1000, '1000'],
  [999999.5, '1e+06'],
  [1234567, '1.23457e+06'],
  [0.0001, '0.0001'],
  [0.00001234, '1.234e-05'],
  [-2.5, '-2.5'],
  [0, '0'],
  [100, '100'],
])('prints %d in general form as %s', (value, text) => {
  expect(general(value)).toBe(text);
});

it('rounds to whole numbers too', () => {
  expect([fixed(2.5, 0), fixed(3.5, 0), fixed(10, 0)]).toEqual(['2', '4', '10']);
});
