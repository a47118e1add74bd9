import { decideAt, leanOf, type SeenAt, type Verdict } from './decide.js';
import type { Objective } from './objectives.js';
import type { Tried } from './search.js';

/** A load that was sent to find out about a value. */
export interface Probe extends SeenAt {
  /** It was to go on until its value is decided; others end when they show where to look next. */
  readonly isThorough: boolean;
  /** Why it says nothing: the load was not what it was meant to be, or its client was too slow. */
  readonly invalid?: string;
}

/** What is known of the values of probes, from all of them. */
export function triedOf<P extends Probe>(
  probes: readonly P[],
  objectives: readonly Objective[],
): readonly (Tried & { readonly probe: P })[] {
  const valid = probes.filter(({ invalid }) => invalid === undefined);
  return probes.map((probe) => ({
    probe,
    value: probe.value,
    verdict: decideAt(probe.value, valid, objectives),
    leans: leanOf(probe.seen, objectives),
    isThorough: probe.isThorough || probe.invalid !== undefined,
    inFlight: probe.seen.backlog.mean,
    ...(probe.invalid === undefined && { requests: probe.seen.evidence[0]?.requests ?? 0 }),
  }));
}

/** Probes that a search goes by. What spoils a load may pass: a value is left as it is when two loads in a row were invalid there. */
export function counted<P extends Probe>(probes: readonly P[]): readonly P[] {
  return probes.filter((probe, i) => {
    const before = probes[i - 1];
    return probe.invalid === undefined || (before?.invalid !== undefined && before.value === probe.value);
  });
}

/** The verdict of a probe's own value, with what other probes say of it. */
export function verdictWith(
  probe: SeenAt,
  others: readonly Probe[],
  objectives: readonly Objective[],
): Verdict {
  return decideAt(probe.value, [...others.filter(({ invalid }) => invalid === undefined), probe], objectives);
}
