import { canonicalJson } from '../matrix/canonical.js';
import type { PlannedPoint } from './plan.js';

/**
 * Groups of points that share a server: each point alone, as InferenceX does it on one node, or, if servers are reused,
 * consecutive points with equal plans. Their clients may differ. A delegate measures all concurrencies of its job at once: points with
 * its plan are one group, and repeats are another.
 */
export function sessionsOf(
  points: readonly PlannedPoint[],
  { reuse = false }: { readonly reuse?: boolean } = {},
): readonly (readonly PlannedPoint[])[] {
  const sessions: PlannedPoint[][] = [];
  const submissions = new Map<string, PlannedPoint[][]>();
  let last: string | undefined;
  for (const planned of points) {
    const submission = submissionOf(planned, submissions);
    if (submission !== undefined) {
      if (submission.length === 0) sessions.push(submission);
      submission.push(planned);
      continue;
    }
    const key = reuse ? serverOf(planned) : undefined;
    if (key !== undefined && key === last) sessions.at(-1)?.push(planned);
    else sessions.push([planned]);
    last = key;
  }
  return sessions;
}

/** The group with a delegate's plan that has no point of this concurrency yet, a new one if need be; undefined for other points. */
function submissionOf(
  planned: PlannedPoint,
  submissions: Map<string, PlannedPoint[][]>,
): PlannedPoint[] | undefined {
  if (planned.state !== 'planned' || planned.plan.kind !== 'delegate') return undefined;
  const { concurrency } = planned.point;
  const key = canonicalJson({ runner: planned.runner.label, plan: planned.plan });
  const groups = submissions.get(key) ?? [];
  submissions.set(key, groups);
  const free = groups.find((group) => group.every(({ point }) => point.concurrency !== concurrency));
  if (free !== undefined) return free;
  const added: PlannedPoint[] = [];
  groups.push(added);
  return added;
}

/** Undefined for points without a server to start. */
function serverOf({ state, runner, ...planned }: PlannedPoint): string | undefined {
  if (state !== 'planned' || !('plan' in planned) || planned.plan.kind !== 'serve') return undefined;
  const { roles, endpoint, ready } = planned.plan;
  return canonicalJson({ runner: runner.label, roles, endpoint, ready });
}
