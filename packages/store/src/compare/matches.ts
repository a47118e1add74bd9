import { median } from '@sweepline/core/statistics';
import type { ComparedMetric } from './compared-metrics.js';
import type { Measurement } from './measurements.js';
import type { Sides } from './noise.js';
import { hasStalled } from './stalls.js';
import { grouped } from '../grouped.js';

/** Measurements of a point on one side, at least one: a run each, unless a run has several. */
export type Measured = readonly Measurement[];

/** A point that both sides have measured. */
export interface Match {
  readonly name: string;
  readonly series: string;
  readonly a: Measured;
  readonly b: Measured;
}

/** Why results of a side are compared with nothing. */
export interface Unmatched {
  readonly side: 'a' | 'b';
  readonly name: string;
  readonly run: string;
  readonly point: string;
  readonly reason: string;
  /** Whether it was measured, or was to be, without a result that can be compared. */
  readonly hasFailed: boolean;
}

export interface Matches {
  readonly matches: readonly Match[];
  readonly unmatched: readonly Unmatched[];
}

/** Matches points by what was measured. Of a side that measured one with several images or versions, the newest ones count. */
export function matchSides(a: readonly Measurement[], b: readonly Measurement[]): Matches {
  const sides = { a: usableOf('a', a), b: usableOf('b', b) };
  const matches: Match[] = [];
  const unmatched: Unmatched[] = [...sides.a.left, ...sides.b.left];
  for (const [series, measured] of sides.a.bySeries) {
    const other = sides.b.bySeries.get(series);
    if (other === undefined) unmatched.push(without('a', measured, 'b has no such point'));
    else matches.push({ name: last(measured).name, series, a: measured, b: other });
  }
  for (const [series, measured] of sides.b.bySeries)
    if (!sides.a.bySeries.has(series)) unmatched.push(without('b', measured, 'a has no such point'));
  return { matches, unmatched };
}

interface Usable {
  readonly bySeries: ReadonlyMap<string, Measured>;
  readonly left: readonly Unmatched[];
}

function usableOf(side: 'a' | 'b', all: readonly Measurement[]): Usable {
  const bySeries = new Map<string, Measured>();
  const left: Unmatched[] = [];
  for (const [series, group] of grouped(all, (one) => one.series)) {
    const valid = group.filter(({ isValid }) => isValid);
    const newest = valid.at(-1);
    const measurements = valid.filter(({ software }) => software === newest?.software);
    for (const one of group)
      if (!measurements.includes(one)) left.push({ ...factsOf(side, one), ...whyNot(one) });
    if (newest !== undefined) bySeries.set(series, measurements);
  }
  return { bySeries, left };
}

function whyNot(one: Measurement): { readonly reason: string; readonly hasFailed: boolean } {
  if (one.isValid)
    return { reason: 'measured with an older image or version than others of this side', hasFailed: false };
  if (one.state === 'completed')
    return { reason: `its result is invalid: ${one.marks.join(', ')}`, hasFailed: true };
  return { reason: one.error === undefined ? one.state : `${one.state}: ${one.error}`, hasFailed: true };
}

function without(side: 'a' | 'b', measured: Measured, reason: string): Unmatched {
  return { ...factsOf(side, last(measured)), reason, hasFailed: false };
}

function factsOf(side: 'a' | 'b', { name, run, point }: Measurement) {
  return { side, name, run, point };
}

/** The newest one. */
export function last(measured: Measured): Measurement {
  return measured.at(-1)!;
}

/** What a side has of a metric. */
export interface SideValue {
  /** Median over its runs. */
  readonly value: number;
  readonly runs: number;
  /** On which they were; undefined where one of them is not on record. */
  readonly nodes: ReadonlySet<string> | undefined;
  /** Whether a stall decides it: half of its runs, or more, have one. */
  readonly isStalled: boolean;
}

export function valueOf(measured: Measured, { key, movedByStalls }: ComparedMetric): SideValue | undefined {
  const known = measured.filter(({ metrics }) => metrics[key] !== undefined);
  const value = median(known.map(({ metrics }) => metrics[key]!));
  if (value === undefined) return undefined;
  const stalled = movedByStalls ? known.filter(hasStalled).length : 0;
  const nodes = known.flatMap(({ node }) => node ?? []);
  return {
    ...{ value, runs: known.length, isStalled: 2 * stalled >= known.length },
    nodes: nodes.length < known.length ? undefined : new Set(nodes),
  };
}

/** What the values of two sides rest on. Nodes that are not on record are taken for as many as there are runs. */
export function sidesOf(a: SideValue, b: SideValue): Required<Sides> {
  return {
    runs: [a.runs, b.runs],
    nodes: [a.nodes?.size ?? a.runs, b.nodes?.size ?? b.runs],
    isSameNode:
      a.nodes?.size === 1 && b.nodes?.size === 1 && [...a.nodes].every((node) => b.nodes?.has(node)),
  };
}
