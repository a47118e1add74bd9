import { z } from '@sweepline/core';
import { compareResults } from '../../compare/compare-results.js';
import type { Comparison } from '../../compare/compare.js';
import { toConfirm } from '../../compare/confirm.js';
import { otherSide, PREVIOUS } from '../../compare/previous.js';
import type { Finding, GateRule, GateRun } from '../rule.js';

const options = z.strictObject({
  against: z
    .string()
    .default(PREVIOUS)
    .describe('What `sweepline compare` takes; previous: the last run before with a point of this one.'),
  metrics: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Columns of results, with the change that matters: tput_per_gpu=5%.'),
  unsure: z
    .enum(['fails', 'passes'])
    .default('fails')
    .describe('What to make of a comparison that can say nothing.'),
});

/** The run may not be worse than another one, beyond noise. */
export const regression: GateRule = {
  options,
  async check(run, given) {
    const { unsure } = options.parse(given);
    const comparison = await comparisonOf(run, given);
    if (comparison !== undefined) return findingsOf(comparison, unsure);
    return unsure === 'passes'
      ? []
      : [{ status: 'unsure', message: 'no run before has a point of this one' }];
  },
  async toConfirm(run, given) {
    const comparison = await comparisonOf(run, given);
    return comparison === undefined ? [] : toConfirm(comparison);
  },
};

/** Undefined where there is no run to compare with. */
async function comparisonOf(run: GateRun, given: unknown): Promise<Comparison | undefined> {
  const { against, metrics } = options.parse(given);
  const other = await otherSide(run.index, run.run, against);
  if (other === undefined) return undefined;
  return compareResults(run.index, [other, run.run, run.confirmedBy], metrics, run.context);
}

function findingsOf(comparison: Comparison, unsure: 'fails' | 'passes'): readonly Finding[] {
  const { verdict, reason, curves, a } = comparison;
  if (verdict === 'worse')
    return curves
      .filter((curve) => curve.decides && curve.verdict === 'worse')
      .map(({ curve, metric, change }) => ({
        status: 'failed',
        message: `${curve}: ${metric} changed by ${(100 * change).toFixed(1)} % against ${a}`,
      }));
  return verdict === 'unsure' && unsure === 'fails'
    ? [{ status: 'unsure', message: `against ${a}: ${reason}` }]
    : [];
}
