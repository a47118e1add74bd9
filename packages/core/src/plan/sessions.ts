import { canonicalJson } from '../matrix/canonical.js';
import type { PlannedPoint } from './plan.js';

/**
 * Groups of points that share a server: each point alone, as InferenceX does it on one node, or, if servers are reused,
 * consecutive points with equal plans. Their clients may differ.
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

/** Undefined for points without a server to start. */
function serverOf({ state, runner, ...planned }: PlannedPoint): string | undefined {
  if (state !== 'planned' || !('plan' in planned) || planned.plan.kind !== 'serve') return undefined;
  const { roles, endpoint, ready } = planned.plan;
  return canonicalJson({ runner: runner.label, roles, endpoint, ready });
}
