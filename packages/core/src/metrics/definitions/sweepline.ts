import type { RunRecord } from '../../load/records/record.js';
import type { MetricPlugin } from '../../plugin/metric.js';
import { builtinMetrics } from '../builtin/index.js';
import { power } from '../builtin/power.js';
import { caveatsOf } from '../caveats.js';
import { computeMetrics } from '../compute.js';
import { errorsOf } from '../failures.js';
import { marksOf } from '../marks.js';
import { objectivesOf } from './content.js';
import { Report, type Definition } from './definition.js';
import { SERVING_HEADLINES } from './serving.js';

/** The numbers of a sweep's raw result and of `bench`, with what a reader has to know about them. */
export const sweepline: Definition = {
  name: 'sweepline',
  source: 'Sweepline',
  headlines: SERVING_HEADLINES,
  recompute(run) {
    const report = new Report(run);
    const { values, outputs } = computeMetrics(run, builtinMetrics.filter(isAbout(run)));
    for (const { key, unit, definition } of outputs) {
      if (key === 'request_goodput' && objectivesOf(run) === undefined) continue;
      report.add(key, unit, values[key], definition, "the records don't have it");
    }
    report.notes.push(
      ...marksOf(run).map(
        ({ severity, message }) => `${severity === 'invalid' ? 'invalid: ' : ''}${message}.`,
      ),
      ...errorNotes(run),
      ...caveatsOf(run).map(({ message }) => `${message}.`),
    );
    return report;
  },
};

/** Power is reported only for runs that have power readings. */
function isAbout({ energy }: RunRecord): (plugin: MetricPlugin) => boolean {
  return ({ name }) => name !== power.name || energy !== undefined;
}

function errorNotes(run: RunRecord): string[] {
  const counts = Object.entries(errorsOf(run)).map(([code, count]) => `${count} ${code}`);
  return counts.length === 0 ? [] : [`Requests that did not complete: ${counts.join(', ')}.`];
}
