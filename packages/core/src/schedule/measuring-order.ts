import { createHash } from 'node:crypto';
import { byLoad, curveOf } from '../matrix/curve.js';
import type { PlannedPoint } from '../plan/plan.js';

/**
 * Names of points in a random order that a seed decides, so that what drifts during a sweep doesn't fall on the repeats of one point.
 * Each config's canary comes before all of them: its lowest load, the first time that it is measured. A point's place follows from its
 * name: it doesn't move when other points come or go.
 */
export function measuringOrder(points: readonly PlannedPoint[], seed: string): readonly string[] {
  const canaries = new Map<string, PlannedPoint>();
  for (const planned of points) {
    if (planned.repeat !== undefined && planned.repeat.number > 1) continue;
    const curve = curveOf(planned.point);
    const least = canaries.get(curve);
    if (least === undefined || byLoad(planned.point, least.point) < 0) canaries.set(curve, planned);
  }
  const first = new Set([...canaries.values()].map(({ name }) => name));
  const others = points.flatMap(({ name }) => (first.has(name) ? [] : [{ name, lot: lotOf(seed, name) }]));
  return [...first, ...others.sort((a, b) => (a.lot < b.lot ? -1 : 1)).map(({ name }) => name)];
}

function lotOf(seed: string, name: string): string {
  return createHash('sha256')
    .update(JSON.stringify([seed, name]))
    .digest('hex');
}
