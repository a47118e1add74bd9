import { WORKER_FIELDS, WORKER_KINDS } from '../plugin/row-keys.js';
import { cellText } from './cell-text.js';
import type { ReportPoint } from './point.js';

/** Numbers of rows that say how workers are set up; all others are measured, or are shown by themselves. */
const WORKER_SIZES = new Set(
  WORKER_KINDS.flatMap((kind) => Object.keys(WORKER_FIELDS).map((key) => `${kind}_${key}`)),
);

/** For each of some points, what it has where they are not all set up alike: `['image b', 'options none']`. */
export function differingSetups(
  points: readonly ReportPoint[],
): readonly (readonly [ReportPoint, readonly string[]])[] {
  const setups = points.map(setupOf);
  const names = [...new Set(setups.flatMap((setup) => Object.keys(setup)))];
  const differing = names.filter((name) => new Set(setups.map((setup) => setup[name])).size > 1);
  return points.map((point, i) => [point, differing.map((name) => `${name} ${setups[i]?.[name] ?? 'none'}`)]);
}

/** What a row says of its setup; and options, which rows don't have. */
function setupOf({ row, result }: ReportPoint): Readonly<Record<string, string>> {
  const { options } = result.job;
  const names = Object.keys(row).filter((key) => typeof row[key] !== 'number' || WORKER_SIZES.has(key));
  return {
    ...Object.fromEntries(names.map((key) => [key, cellText(row, key)])),
    ...(options === undefined ? {} : { options: JSON.stringify(options) }),
  };
}
