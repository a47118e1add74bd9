import { z } from '@sweepline/core';

import type { Finding, GateRule } from '../rule.js';

const options = z.strictObject({
  'most-failed': z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of the points that may have failed or been rejected, with a reason: 0.'),
});

/** Each point that was to be measured has a result, or says why it has none; few of them may have failed or been rejected, and none skipped. */
export const completeness: GateRule = {
  options,
  check({ points, expected }, given) {
    const { 'most-failed': most } = options.parse(given);
    if (expected === undefined)
      return [{ status: 'unsure', message: 'which points it was to measure is not on record' }];
    const known = new Set(points.map(({ point }) => point));
    const missing = expected.filter((point) => !known.has(point));
    const failed = points.filter(({ state }) => state === 'failed' || state === 'rejected');
    const isMost = failed.length > most * expected.length;
    return [
      ...missing.map((point): Finding => ({ point, status: 'failed', message: 'it has no result' })),
      ...points
        .filter(({ state }) => state === 'skipped')
        .map(({ point, error = 'without a reason' }): Finding => ({
          point,
          status: 'failed',
          message: `it was skipped: ${error}`,
        })),
      ...points
        .filter(({ state, error }) => state === 'interrupted' || (state === 'failed' && error === undefined))
        .map(({ point, state }): Finding => ({
          point,
          status: 'failed',
          message: `${state}, without a reason`,
        })),
      ...failed.flatMap(({ point, error }): readonly Finding[] =>
        isMost && error !== undefined ? [{ point, status: 'failed', message: error }] : [],
      ),
    ];
  },
};
