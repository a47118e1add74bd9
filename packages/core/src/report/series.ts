import { cellText } from './cell-text.js';
import { furtherSizes } from './sizes.js';
import type { Row } from '../results/schema.js';
import type { ReportPoint } from './point.js';
import { groups } from './groups.js';
import { differingSetups } from './setups.js';

/** The points that one line of a plot connects: one setup at several concurrencies. */
export interface Series {
  readonly label: string;
  /** Determines colour and marker; the same in all plots of a workload. */
  readonly index: number;
  /** By increasing concurrency and rate. */
  readonly points: readonly ReportPoint[];
}

/** Results that may be compared in one plot: one model, one pair of lengths and one load. */
export interface Workload {
  readonly title: string;
  readonly series: readonly Series[];
  readonly invalid: number;
}

export function workloadsOf(completed: readonly ReportPoint[]): Workload[] {
  return groups(completed, ({ row }) => workloadTitle(row)).map(([title, points]) => ({
    title,
    series: seriesOf(points.filter((point) => point.valid)),
    invalid: points.filter((point) => !point.valid).length,
  }));
}

function seriesOf(points: readonly ReportPoint[]): Series[] {
  const labelled = groups(points, ({ row }) => seriesLabel(row)).flatMap(([label, members]) =>
    apart(label, members),
  );
  return labelled.map(([label, members], index) => ({
    label,
    index,
    points: members.toSorted((a, b) => by('conc', a, b) || by('offered_rate', a, b)),
  }));
}

/** Splits points that differ in anything else, such as the image, into separate lines, labelled with what differs. */
function apart(
  label: string,
  points: readonly ReportPoint[],
): readonly (readonly [string, readonly ReportPoint[]])[] {
  const setups = new Map(differingSetups(points));
  return groups(points, (point) => [label, ...(setups.get(point) ?? [])].join(' · '));
}

function by(key: string, a: ReportPoint, b: ReportPoint): number {
  return Number(a.row[key] ?? 0) - Number(b.row[key] ?? 0);
}

function workloadTitle(row: Row): string {
  const model = cellText(row, row['infmax_model_prefix'] === undefined ? 'model' : 'infmax_model_prefix');
  const lengths =
    row['isl'] === undefined ? [] : [`${cellText(row, 'isl')} in / ${cellText(row, 'osl')} out`];
  const load = row['load'] === undefined ? [] : [cellText(row, 'load')];
  return [model, ...lengths, ...load].join(', ');
}

function seriesLabel(row: Row): string {
  if (row['endpoint'] !== undefined) return cellText(row, 'endpoint');
  const spec = cellText(row, 'spec_decoding');
  return [
    `${cellText(row, 'hw')} ${cellText(row, 'framework')} ${cellText(row, 'precision')}`,
    row['is_multinode'] === true ? multiNodeLayout(row) : singleNodeLayout(row),
    ...(spec === '' || spec === 'none' ? [] : [spec]),
  ].join(' · ');
}

function singleNodeLayout(row: Row): string {
  const attention = row['dp_attention'] === 'true' ? ' DPA' : '';
  return [`TP${cellText(row, 'tp')} EP${cellText(row, 'ep')}${attention}`, ...furtherSizes(row)].join(' ');
}

function multiNodeLayout(row: Row): string {
  const side = (name: string): string =>
    `${cellText(row, `${name}_num_workers`)}×TP${cellText(row, `${name}_tp`)} EP${cellText(row, `${name}_ep`)}` +
    (row[`${name}_dp_attention`] === 'true' ? ' DPA' : '') +
    furtherSizes(row, `${name}_`)
      .map((size) => ` ${size}`)
      .join('');
  return `prefill ${side('prefill')}, decode ${side('decode')}`;
}
