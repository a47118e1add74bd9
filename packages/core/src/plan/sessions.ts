import { canonicalJson } from '../matrix/canonical.js';
import type { PlannedPoint } from './plan.js';

/**
 * Points in the groups that one server is started for: each alone, as InferenceX does it on one node, or, where servers are to be
 * reused, those that follow each other with equal plans. What their clients do may differ.
 */
export function sessionsOf(
  points: readonly PlannedPoint[],
  { reuse = false }: { readonly reuse?: boolean } = {},
): readonly (readonly PlannedPoint[])[] {
  const sessions: PlannedPoint[][] = [];
  let last: string | undefined;
  for (const planned of points) {
    const key = reuse ? serverOf(planned) : undefined;
    if (key !== undefined && key === last) sessions.at(-1)?.push(planned);
    else sessions.push([planned]);
    last = key;
  }
  return sessions;
}

/** Undefined for points that no server is started for. */
function serverOf({ state, runner, ...planned }: PlannedPoint): string | undefined {
  if (state !== 'planned' || !('plan' in planned) || planned.plan.kind !== 'serve') return undefined;
  const { roles, endpoint, ready } = planned.plan;
  return canonicalJson({ runner: runner.label, roles, endpoint, ready });
}
