import { expect, it } from 'vitest';
import { wilson } from '../../src/metrics/statistics.js';

// By Python, from the closed form.
it.each([
  [0.5, 10, '0.2366', '0.7634'],
  [0, 240, '0.0000', '0.0158'],
  [1, 240, '0.9842', '1.0000'],
  [0.91, 1319, '0.8933', '0.9243'],
])("Wilson's interval of %f of %i stays within 0 and 1", (fraction, n, least, most) => {
  const { low, high } = wilson(fraction, n);
  expect([low, high].map((end) => end.toFixed(4))).toEqual([least, most]);
});
