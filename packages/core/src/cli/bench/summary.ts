import type { RunRecord } from '../../load/record.js';
import type { Metrics } from '../../metrics/compute.js';
import { deliveredOf } from '../../metrics/delivered.js';

/** A run's numbers as lines for people. */
export function summaryOf(run: RunRecord, { values, outputs }: Metrics): string {
  const { completed, failed } = deliveredOf(run);
  const rows = outputs.flatMap(({ key, label, unit }) => {
    const value = values[key];
    return value === undefined
      ? []
      : [[label, `${Number(value.toFixed(3))}${unit === '' ? '' : ` ${unit}`}`]];
  });
  const all = [['Successful requests', String(completed)], ['Failed requests', String(failed)], ...rows];
  const width = Math.max(...all.map(([label = '']) => label.length));
  return all.map(([label = '', value = '']) => `${label.padEnd(width)}  ${value}\n`).join('');
}
