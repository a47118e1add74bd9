import { z } from '@sweepline/core';
import type { GateRule } from '../rule.js';

const options = z.strictObject({
  metrics: z.array(z.string()).min(1).describe('Columns of results, such as tput_per_gpu.'),
});

/** Each valid result has to have these numbers. */
export const requiredMetrics: GateRule = {
  options,
  check({ points }, given) {
    const { metrics } = options.parse(given);
    return points
      .filter(({ isValid }) => isValid)
      .flatMap(({ point, numbers }) =>
        metrics
          .filter((metric) => numbers[metric] === undefined)
          .map((metric) => ({ point, status: 'failed' as const, message: `it has no ${metric}` })),
      );
  },
};
