import { z } from '@sweepline/core';
import { compareResults } from '../../compare/compare-results.js';
import type { Comparison } from '../../compare/compare.js';
import { select } from '../../index/database.js';
import { textOf } from '../../output/values.js';

import type { Finding, GateRule, GateRun } from '../rule.js';

const options = z.strictObject({
  against: z
    .string()
    .default('previous')
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
    const { against, metrics, unsure } = options.parse(given);
    const other = against === 'previous' ? await previousOf(run) : against;
    if (other === undefined)
      return unsure === 'passes'
        ? []
        : [{ status: 'unsure', message: 'no run before has a point of this one' }];
    const comparison = await compareResults(
      run.index,
      [other, run.run, run.confirmedBy],
      metrics,
      run.context,
    );
    return findingsOf(comparison, unsure);
  },
};

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

async function previousOf({ run, index }: GateRun): Promise<string | undefined> {
  const [row] = await select(index.connection, PREVIOUS, { run });
  return row === undefined ? undefined : textOf(row[0]);
}

const PREVIOUS = `
  WITH these AS (SELECT series, min(coalesce(started_at, finished_at)) AS since FROM results WHERE run = $run GROUP BY series)
  SELECT r.run FROM results r JOIN these t ON r.series = t.series
  WHERE r.run <> $run AND r.is_valid AND coalesce(r.started_at, r.finished_at) < t.since
  ORDER BY coalesce(r.started_at, r.finished_at) DESC, r.run DESC LIMIT 1`;
