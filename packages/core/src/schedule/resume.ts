import { createHash } from 'node:crypto';
import { canonicalJson } from '../matrix/canonical.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { PointEnd } from '../results/point-end.js';
import type { RunInfo } from '../results/run-schema.js';
import type { StoredEntry } from './journal.js';

/** Results that are measured again only if that is asked for: others never are. */
export const AGAIN = ['failed', 'invalid', 'changed'] as const;

export type Again = (typeof AGAIN)[number];

/** A run that was begun earlier, and what the selection is now. */
export interface Earlier {
  readonly run: RunInfo;
  readonly ends: readonly PointEnd[];
  readonly journal: readonly StoredEntry[];
  readonly points: readonly PlannedPoint[];
  readonly again: readonly Again[];
}

/** What is left of a run. */
export interface Rest {
  /** Points to measure, in their order. */
  readonly left: readonly PlannedPoint[];
  /** Points whose results stay. */
  readonly kept: readonly PointEnd[];
  /** Of all points of the run from now on. */
  readonly pointNames: readonly string[];
  /** Points that the selection didn't have. */
  readonly added: readonly string[];
  /** Points without a result that the selection has no more. */
  readonly removed: readonly string[];
  /** Points with a result that would be launched in another way now. */
  readonly changed: readonly string[];
}

/** Which points of a run are still to be measured: those without a result, and those that were interrupted. */
export function restOf({ run, ends, journal, points, again }: Earlier): Rest {
  const before = new Set(run.pointNames ?? ends.map(({ name }) => name));
  const selected = new Set(points.map(({ name }) => name));
  const found = new Map(ends.map((end) => [end.name, end]));
  const plans = plansIn(journal);
  const changed = points
    .filter((planned) => isOtherThan(plans[planned.name], planned))
    .map(({ name }) => name)
    .filter((name) => found.has(name));
  const left = points.filter(({ name }) => {
    const end = found.get(name);
    return end === undefined || isMeasuredAgain(end, again, changed);
  });
  const names = new Set(left.map(({ name }) => name));
  return {
    left,
    kept: ends.filter(({ name }) => !names.has(name)),
    pointNames: [
      ...[...before].filter((name) => selected.has(name) || found.has(name)),
      ...[...selected].filter((name) => !before.has(name)),
    ],
    added: [...selected].filter((name) => !before.has(name)),
    removed: [...before].filter((name) => !selected.has(name) && !found.has(name)),
    changed,
  };
}

function isMeasuredAgain(
  { name, state, isValid }: PointEnd,
  again: readonly Again[],
  changed: readonly string[],
): boolean {
  if (state === 'interrupted') return true;
  if (again.includes('changed') && changed.includes(name)) return true;
  return state === 'failed' ? again.includes('failed') : again.includes('invalid') && !isValid;
}

/** Digests of the plans of points, by name. */
export function digestsOf(points: readonly PlannedPoint[]): Readonly<Record<string, string>> {
  return Object.fromEntries(points.map((planned) => [planned.name, digestOf(planned)]));
}

function digestOf(planned: PlannedPoint): string {
  const plan = planned.state === 'planned' ? planned.plan : { state: planned.state };
  return createHash('sha256').update(canonicalJson(plan)).digest('hex').slice(0, 16);
}

function isOtherThan(digest: string | undefined, planned: PlannedPoint): boolean {
  return digest !== undefined && digest !== digestOf(planned);
}

/** The last that a journal says of each point's plan. */
function plansIn(journal: readonly StoredEntry[]): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...journal.map((entry) => (entry.type === 'planned' ? entry.plans : {})),
  ) as Record<string, string>;
}
