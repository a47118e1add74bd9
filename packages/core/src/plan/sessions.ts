import { canonicalJson } from '../matrix/canonical.js';
import { pointId } from '../matrix/point-id.js';
import type { PlannedPoint } from './plan.js';

/**
 * Groups of points that share a server: each point alone, as InferenceX does it on one node, or, if servers are reused, points with
 * equal plans, in their order. Their clients may differ. A point that is selected twice gets a server for each time: the second one would
 * send the first one's prompts again. Repeats of different numbers never share one, so that they show how servers differ. A delegate
 * measures all concurrencies of its job at once: points with its plan are one group, and repeats are another.
 */
export function sessionsOf(
  points: readonly PlannedPoint[],
  { reuse = false }: { readonly reuse?: boolean } = {},
): readonly (readonly PlannedPoint[])[] {
  const sessions: PlannedPoint[][] = [];
  const shared = new Map<string, PlannedPoint[][]>();
  for (const planned of points) {
    const key = submissionOf(planned) ?? (reuse ? serverOf(planned) : undefined);
    const groups = key === undefined ? [] : (shared.get(key) ?? []);
    if (key !== undefined) shared.set(key, groups);
    const free = groups.find((group) => group.every((other) => !isSame(other, planned)));
    if (free !== undefined) {
      free.push(planned);
      continue;
    }
    const added = [planned];
    groups.push(added);
    sessions.push(added);
  }
  return sessions;
}

/** Whether a point is selected twice. */
function isSame(one: PlannedPoint, other: PlannedPoint): boolean {
  const idOf = ({ point, runner }: PlannedPoint): string => pointId(point, runner.sku.name);
  return idOf(one) === idOf(other);
}

/** What points of one submission have in common; undefined for others than a delegate's. */
function submissionOf({ state, runner, repeat, ...planned }: PlannedPoint): string | undefined {
  if (state !== 'planned' || !('plan' in planned) || planned.plan.kind !== 'delegate') return undefined;
  return canonicalJson({ runner: runner.label, plan: planned.plan, ...numberOf(repeat) });
}

/** What points of one server have in common; undefined for those without a server to start. */
function serverOf({ state, runner, repeat, ...planned }: PlannedPoint): string | undefined {
  if (state !== 'planned' || !('plan' in planned) || planned.plan.kind !== 'serve') return undefined;
  const { roles, endpoint, ready } = planned.plan;
  return canonicalJson({ runner: runner.label, roles, endpoint, ready, ...numberOf(repeat) });
}

function numberOf(repeat: PlannedPoint['repeat']): { readonly repeat?: number } {
  return repeat === undefined ? {} : { repeat: repeat.number };
}
