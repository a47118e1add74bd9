import type { RunRecord } from '../../load/record.js';
import type { Metrics } from '../../metrics/compute.js';
import { deliveredOf } from '../../metrics/delivered.js';
import type { Percentile } from './percentiles.js';

/** A run's numbers as lines for people, and percentiles that were asked for beside them. */
export function summaryOf(
  run: RunRecord,
  { values, outputs }: Metrics,
  percentiles: readonly Percentile[],
): string {
  const { completed, failed } = deliveredOf(run);
  const rows = outputs.flatMap(({ key, label, unit }) => {
    const value = values[key];
    return value === undefined
      ? []
      : [[label, `${Number(value.toFixed(3))}${unit === '' ? '' : ` ${unit}`}`]];
  });
  const more = percentiles.flatMap(({ key, label, valueMs }) =>
    key in values ? [] : [[label, `${Number(valueMs.toFixed(3))} ms`]],
  );
  const all = [
    ['Successful requests', String(completed)],
    ['Failed requests', String(failed)],
    ...rows,
    ...more,
  ];
  const width = Math.max(...all.map(([label = '']) => label.length));
  return all.map(([label = '', value = '']) => `${label.padEnd(width)}  ${value}\n`).join('');
}
