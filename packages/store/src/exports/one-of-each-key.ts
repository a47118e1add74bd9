import { number } from '../json.js';
import type { ExportedPoint } from './run-export.js';

/**
 * The dashboard keeps one row of a run for a config, its lengths and a concurrency: the last that it reads. Of points that share them,
 * such as repeats, the one with the median throughput is exported; of an even number the lower of the two in the middle.
 */
export function oneOfEachKey(points: readonly ExportedPoint[]): readonly ExportedPoint[] {
  const groups = new Map<string, ExportedPoint[]>();
  for (const one of points) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const group = groups.get(key) ?? [];
    group.push(one);
    groups.set(key, group);
  }
  const chosenOf = new Map([...groups].map(([key, group]) => [key, medianOf(group)]));
  return points.map((one) => {
    const chosen = chosenOf.get(keyOf(one) ?? '');
    if (chosen === undefined || chosen === one) return one;
    const reason = `the dashboard can't distinguish it from ${chosen.point}, which has the median throughput of them`;
    return { point: one.point, exported: { reasons: [reason] } };
  });
}

function keyOf({ exported }: ExportedPoint): string | undefined {
  return 'key' in exported ? exported.key : undefined;
}

function medianOf(group: readonly ExportedPoint[]): ExportedPoint {
  const sorted = group.toSorted((a, b) => throughputOf(a) - throughputOf(b) || (a.point < b.point ? -1 : 1));
  return sorted[(sorted.length - 1) >> 1]!;
}

function throughputOf({ exported }: ExportedPoint): number {
  return ('row' in exported ? number(exported.row['tput_per_gpu']) : undefined) ?? 0;
}
