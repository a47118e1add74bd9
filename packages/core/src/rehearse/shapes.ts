import { canonicalJson } from '../matrix/canonical.js';
import type { PlannedPoint } from '../plan/plan.js';

/** What a launch goes through for a point: equal for points that differ in values alone. */
export function shapeOf(planned: PlannedPoint): string {
  const { framework, state } = planned;
  const { name } = framework.plugin;
  if (state !== 'planned' || planned.plan.kind !== 'serve') return `${name} ${state}`;
  const { roles, ready, endpoint } = planned.plan;
  return canonicalJson({
    name,
    endpoint,
    roles: roles.map(({ name: role, replicas, runtime, env, files, setup, after, ports, place }) => ({
      ...{ role, replicas, kind: runtime.kind, after, ports, place },
      env: Object.keys(env).sort(),
      files: Object.keys(files).sort(),
      setup: setup?.length ?? 0,
    })),
    ready: ready.map(({ role, when }) => ({ role, when })),
  });
}

/** The first point of each shape, with the number of all that have it. */
export function onePerShape(
  points: readonly PlannedPoint[],
): readonly { readonly planned: PlannedPoint; readonly points: number }[] {
  const shapes = new Map<string, { planned: PlannedPoint; points: number }>();
  for (const planned of points) {
    const shape = shapeOf(planned);
    const found = shapes.get(shape);
    if (found === undefined) shapes.set(shape, { planned, points: 1 });
    else found.points += 1;
  }
  return [...shapes.values()];
}
