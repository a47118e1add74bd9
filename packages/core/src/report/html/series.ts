import type { Row } from '../../results/schema.js';
import type { ReportPoint } from '../point.js';
import { groups } from './groups.js';

/** What one line of a plot connects: one setup through its concurrencies. */
export interface Series {
  readonly label: string;
  /** Chooses colour and marker; the same in all plots of a workload. */
  readonly index: number;
  /** By rising concurrency. */
  readonly points: readonly ReportPoint[];
}

/** Results that may be compared in one plot: one model with one pair of lengths. */
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
  return groups(points, ({ row }) => seriesLabel(row)).map(([label, members], index) => ({
    label,
    index,
    points: members.toSorted((a, b) => Number(a.row['conc']) - Number(b.row['conc'])),
  }));
}

function workloadTitle(row: Row): string {
  return `${text(row, 'infmax_model_prefix')}, ${text(row, 'isl')} in / ${text(row, 'osl')} out`;
}

function seriesLabel(row: Row): string {
  const spec = text(row, 'spec_decoding');
  return [
    `${text(row, 'hw')} ${text(row, 'framework')} ${text(row, 'precision')}`,
    row['is_multinode'] === true ? multiNodeLayout(row) : singleNodeLayout(row),
    ...(spec === '' || spec === 'none' ? [] : [spec]),
  ].join(' · ');
}

function singleNodeLayout(row: Row): string {
  const attention = row['dp_attention'] === 'true' ? ' DPA' : '';
  return `TP${text(row, 'tp')} EP${text(row, 'ep')}${attention}`;
}

function multiNodeLayout(row: Row): string {
  const side = (name: string): string =>
    `${text(row, `${name}_num_workers`)}×TP${text(row, `${name}_tp`)} EP${text(row, `${name}_ep`)}` +
    (row[`${name}_dp_attention`] === 'true' ? ' DPA' : '');
  return `prefill ${side('prefill')}, decode ${side('decode')}`;
}

function text(row: Row, key: string): string {
  return String(row[key] ?? '');
}
