import { WORKER_FIELDS, WORKER_KINDS } from '../plugin/row-keys.js';
import { cellText } from './cell-text.js';
import type { ReportPoint } from './point.js';

/** Numeric row fields that describe how workers are set up; all others are measured, or shown separately. */
const WORKER_SIZES = new Set(
  WORKER_KINDS.flatMap((kind) => Object.keys(WORKER_FIELDS).map((key) => `${kind}_${key}`)),
);

/** For each point, its settings that are not the same for all points: `['image b', 'options none']`. */
export function differingSetups(
  points: readonly ReportPoint[],
): readonly (readonly [ReportPoint, readonly string[]])[] {
  const setups = points.map(setupOf);
  const names = [...new Set(setups.flatMap((setup) => Object.keys(setup)))];
  const differing = names.filter((name) => new Set(setups.map((setup) => setup[name])).size > 1);
  return points.map((point, i) => [point, differing.map((name) => `${name} ${setups[i]?.[name] ?? 'none'}`)]);
}

/** The setup in a row; and options, which rows don't have. */
function setupOf({ row, result }: ReportPoint): Readonly<Record<string, string>> {
  const { options } = result.job;
  const names = Object.keys(row).filter((key) => typeof row[key] !== 'number' || WORKER_SIZES.has(key));
  return {
    ...Object.fromEntries(names.map((key) => [key, cellText(row, key)])),
    ...(options === undefined ? {} : { options: JSON.stringify(options) }),
  };
}
