import { builtinMetrics } from '../builtin/index.js';
import { caveatsOf } from '../caveats.js';
import { computeMetrics } from '../compute.js';
import { objectivesOf } from './content.js';
import { Report, type Definition } from './definition.js';
import { SERVING_HEADLINES } from './serving.js';

/** What a sweep's raw result and `bench` have. */
export const sweepline: Definition = {
  name: 'sweepline',
  source: 'Sweepline',
  headlines: SERVING_HEADLINES,
  recompute(run) {
    const report = new Report(run);
    const { values, outputs } = computeMetrics(run, builtinMetrics);
    for (const { key, unit, definition } of outputs) {
      if (key === 'request_goodput' && objectivesOf(run) === undefined) continue;
      report.add(key, unit, values[key], definition, 'the records can not tell it');
    }
    report.notes.push(...caveatsOf(run).map(({ message }) => `${message}.`));
    return report;
  },
};
