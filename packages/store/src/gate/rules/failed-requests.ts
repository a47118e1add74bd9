import { z } from '@sweepline/core';
import type { Finding, GateRule } from '../rule.js';

const options = z.strictObject({
  most: z.number().min(0).max(1).default(0.05).describe('Share of the requests that were due: 0.05.'),
});

/** No more than a share of the requests of a point may fail. */
export const failedRequests: GateRule = {
  options,
  check({ points }, given) {
    const { most } = options.parse(given);
    const completed = points.filter(({ state }) => state === 'completed');
    const unknown = completed.filter(({ offered, failed }) => offered === undefined || failed === undefined);
    return [
      ...completed.flatMap(({ point, offered = 0, failed = 0 }): readonly Finding[] =>
        failed <= most * offered
          ? []
          : [
              {
                point,
                status: 'failed',
                message: `${failed} of ${offered} requests failed; limit ${100 * most} %`,
              },
            ],
      ),
      ...(unknown.length === 0 ? [] : [{ status: 'unsure', message: notOnRecord(unknown.length) } as const]),
    ];
  },
};

function notOnRecord(points: number): string {
  return `how many requests failed is not on record of ${points} points`;
}
