import type { CommandContext } from '@sweepline/core';
import type { Database } from '../index/database.js';
import { measuredBy, refuseShared } from './compare-results.js';
import { measurementsOf, type Measurement } from './measurements.js';
import { isPlace, settingsThatDiffer, type SettingDifference } from './settings.js';

/** A point of a side, and what its settings differ in from the other side's. */
export interface ChangedPoint {
  readonly point: string;
  readonly changed: readonly SettingDifference[];
}

/**
 * What differs in the settings of points that both sides have measured, where they were measured apart. The newest of each count, valid or
 * not: a result whose numbers are worth nothing says as well as others do what it was measured with.
 * @throws {SweeplineError} USAGE for a side without results, or with one that the other side has as well
 */
export async function changedSettings(
  index: Database,
  [a, b]: readonly [string, string],
  context: CommandContext,
): Promise<readonly ChangedPoint[]> {
  const measured = await measurementsOf(index.connection, [], { where: "r.state = 'completed'" });
  const [before, after] = [
    await measuredBy(index, measured, a, context),
    await measuredBy(index, measured, b, context),
  ];
  refuseShared([before, after]);
  const earlier = newestOf(before.measurements);
  const points: ChangedPoint[] = [];
  for (const [series, one] of newestOf(after.measurements)) {
    const other = earlier.get(series);
    if (other === undefined) continue;
    const differences = await settingsThatDiffer(other, one);
    points.push({
      point: one.point,
      changed: differences.filter((difference) => !isPlace(difference)),
    });
  }
  return points;
}

function newestOf(measurements: readonly Measurement[]): ReadonlyMap<string, Measurement> {
  return new Map(measurements.map((one) => [one.series, one]));
}
