import type { RunRecord } from '../load/records/record.js';
import type { Metrics } from '../metrics/compute.js';
import { deliveredOf } from '../metrics/delivered.js';
import { textTable } from '../text-table.js';
import type { Percentile } from './percentiles.js';

/** One number with its name and unit. */
interface Line {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
}

/** A quantity's name, and its known values by statistic. */
type Row = readonly [name: string, values: ReadonlyMap<string, string>];

/** A label with a statistic and a quantity: `p99.9 TTFT`. */
const STATISTIC = /^(mean|median|std|p[\d.]+) (.+)$/;
const ORDER = ['mean', 'median', 'std'];

/** A run's numbers as lines for people, statistics of one quantity side by side, including the requested percentiles. */
export function summaryOf(
  run: RunRecord,
  { values, outputs }: Metrics,
  percentiles: readonly Percentile[],
  width: number,
): string {
  const { completed, failed } = deliveredOf(run);
  const lines = outputs.flatMap(({ key, label, unit }): Line[] => {
    const value = values[key];
    // Completed requests are printed first.
    return value === undefined || key === 'completed' ? [] : [{ label, value, unit }];
  });
  const more = percentiles.flatMap(({ key, label, valueMs }): Line[] =>
    key in values ? [] : [{ label, value: valueMs, unit: 'ms' }],
  );
  const single = lines.filter(({ label }) => !STATISTIC.test(label));
  return (
    textTable([
      ['Successful requests', String(completed)],
      ['Failed requests', String(failed)],
      ...single.map(({ label, value, unit }) => [label, `${number(value)} ${unit}`.trimEnd()]),
    ]) + statisticsTables([...lines, ...more], width)
  );
}

/** A row for each thing, a column for each statistic of it; things with other statistics have tables of their own, or all were wide. */
function statisticsTables(lines: readonly Line[], width: number): string {
  const rows = new Map<string, Map<string, string>>();
  for (const { label, value, unit } of lines) {
    const [, statistic, of] = STATISTIC.exec(label) ?? [];
    if (statistic === undefined || of === undefined) continue;
    const name = unit === '' ? of : `${of}, ${unit}`;
    rows.set(name, (rows.get(name) ?? new Map<string, string>()).set(statistic, number(value)));
  }
  const tables = new Map<string, Row[]>();
  for (const row of rows) {
    const columns = [...row[1].keys()].sort(byStatistic).join(' ');
    tables.set(columns, [...(tables.get(columns) ?? []), row]);
  }
  return [...tables].map(([columns, body]) => statisticsTable(columns.split(' '), body, width)).join('');
}

function statisticsTable(columns: readonly string[], rows: readonly Row[], width: number): string {
  const body = rows.map(([name, row]) => [name, ...columns.map((column) => row.get(column) ?? '')]);
  return `\n${textTable([['', ...columns], ...body], 'right', width)}`;
}

function byStatistic(a: string, b: string): number {
  const rank = (name: string) =>
    ORDER.includes(name) ? ORDER.indexOf(name) - ORDER.length : Number(name.slice(1));
  return rank(a) - rank(b);
}

function number(value: number): string {
  return String(Number(value.toFixed(3)));
}
