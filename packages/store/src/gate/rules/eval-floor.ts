import { z } from '@sweepline/core';
import { select } from '../../index/database.js';
import { textOf } from '../../output/values.js';

import type { Finding, GateRule } from '../rule.js';

const options = z.strictObject({
  floors: z
    .record(z.string(), z.number().min(0).max(1))
    .describe('Lowest score by task, a fraction: gsm8k: 0.9.'),
});

/** Scores of evals may not be below a floor. */
export const evalFloor: GateRule = {
  options,
  async check({ run, index }, given) {
    const { floors } = options.parse(given);
    const rows = await select(
      index.connection,
      'SELECT task, coalesce(score, em_strict) AS score, infmax_model_prefix, sku, framework, precision, conc FROM evals WHERE run = $run',
      { run },
    );
    return Object.entries(floors).flatMap(([task, floor]): readonly Finding[] => {
      const scores = rows.filter(([name]) => name === task);
      if (scores.length === 0) return [{ status: 'unsure', message: `no scores of ${task}` }];
      return scores.flatMap(([, score, ...of]): readonly Finding[] => {
        const what = of.map(textOf).join(' ');
        if (typeof score !== 'number')
          return [{ status: 'unsure', message: `${task} has no score: ${what}` }];
        return score >= floor
          ? []
          : [{ status: 'failed', message: `${task} ${score}, below ${floor}: ${what}` }];
      });
    });
  },
};
