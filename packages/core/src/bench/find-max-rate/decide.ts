import { doubtOf, pool, type Pooled } from './evidence.js';
import type { Objective } from './objectives.js';
import { EARLIER_SHARE, type Seen } from './seen.js';

/** Whether the objectives hold at a value; `open`: what was seen does not decide it. */
export type Verdict = 'holds' | 'fails' | 'open';

/** What a load at a value has shown: a rate or a concurrency. */
export interface SeenAt {
  readonly value: number;
  readonly seen: Seen;
}

/** Chance that a verdict is wrong. */
export const ERROR = 0.02;
/** A load is looked at again and again while it goes on; each look may be wrong. */
const MOST_LOOKS = 16;
/** −ln of the chance that one look is wrong. */
export const DOUBT = Math.log(MOST_LOOKS / ERROR);
/** Requests, in independent ones, that a series must have before its correlation is believed. */
const CREDIBLE = { for: 50, against: 10 };
/** Requests that it takes to see how they depend on each other, unless they hardly meet. */
export const FEWEST = 200;
/** Mean requests in flight below which they hardly meet. */
export const ALONE = 0.1;
/** Part of a load after which it may be given up, and how much of the evidence that it needs it must come to by its end. */
const GIVE_UP = { after: 0.25, below: 0.8 };
/** Requests after which a share of 99 % can begin to show: 1/(1 − share), within these. */
const LEAN = { least: 40, most: 200 };

/** Requests without which nothing can show that a share of them keeps an objective, even if all do. */
export function fewestFor(share: number): number {
  return Math.max(FEWEST, Math.ceil(DOUBT / -Math.log(share) / EARLIER_SHARE));
}

/**
 * Whether the objectives hold at a value. More load is never better: what holds at a higher value also holds here, and what fails at a
 * lower one fails here, so that all such loads speak for it together.
 */
export function decideAt(value: number, loads: readonly SeenAt[], objectives: readonly Objective[]): Verdict {
  // A load that is sent for another reason than to judge it goes on to its end.
  if (objectives.length === 0) return 'open';
  const above = loads.filter((load) => load.value >= value).sort((a, b) => a.value - b.value);
  const below = loads.filter((load) => load.value <= value).sort((a, b) => b.value - a.value);
  const holds = isSome(above, (part) => holdIn(part, objectives));
  const fails = isSome(below, (part) => failIn(part, objectives));
  if (holds === fails) return 'open';
  return holds ? 'holds' : 'fails';
}

/** Whether it is so of the first of these loads, of the first two, and so on. */
function isSome(loads: readonly SeenAt[], isSo: (part: readonly SeenAt[]) => boolean): boolean {
  return loads.some((_, last) => isSo(loads.slice(0, last + 1)));
}

function holdIn(loads: readonly SeenAt[], objectives: readonly Objective[]): boolean {
  if (loads.some(({ seen: { backlog } }) => backlog.grows)) return false;
  // Short ones, which only showed where to look, say nothing.
  const long = loads.filter(({ seen: { backlog, isSettled } }) => backlog.isSteady && isSettled);
  return objectives.every((_, i) => speak('for', long, objectives, i));
}

function failIn(loads: readonly SeenAt[], objectives: readonly Objective[]): boolean {
  if (loads.some(({ seen: { backlog } }) => backlog.grows)) return true;
  return objectives.some((_, i) => speak('against', loads, objectives, i));
}

/**
 * Whether all that was seen speaks for an objective, or against it, and did so earlier. How much requests depend on each other is
 * underestimated where few were seen: what that has decided by chance does not stay decided.
 */
function speak(
  side: 'for' | 'against',
  loads: readonly SeenAt[],
  objectives: readonly Objective[],
  objective: number,
): boolean {
  const share = objectives[objective]?.share ?? 1;
  const found = loads.filter(({ seen }) => isCredible(seen, objective, side));
  return (['evidence', 'earlier'] as const).every((when) => {
    const pooled = pool(found.flatMap(({ seen }) => seen[when][objective] ?? []));
    return doubtOn(side, pooled, share) >= DOUBT;
  });
}

/** How much speaks for a side; nothing where more speaks for the other one. */
function doubtOn(side: 'for' | 'against', pooled: Pooled, share: number): number {
  const isSide = side === 'for' ? pooled.kept >= share : pooled.kept < share;
  return isSide ? doubtOf(pooled, share) : 0;
}

function isCredible({ evidence, backlog }: Seen, objective: number, side: 'for' | 'against'): boolean {
  const { requests = 0, inflation = 1 } = evidence[objective] ?? {};
  const isLong = requests >= FEWEST || backlog.mean < ALONE;
  return isLong && requests >= CREDIBLE[side] * inflation;
}

/** What a load seems to say, decided or not. */
export function leanOf({ evidence, backlog }: Seen, objectives: readonly Objective[]): 'holds' | 'fails' {
  const isBroken = backlog.grows || objectives.some(({ share }, i) => (evidence[i]?.kept ?? 1) < share);
  return isBroken ? 'fails' : 'holds';
}

/** Whether that is enough to say where to look next. */
export function hasLean({ evidence, isSettled }: Seen, objectives: readonly Objective[]): boolean {
  return (
    isSettled &&
    objectives.every(({ share }, i) => {
      const needed = Math.min(LEAN.most, Math.max(LEAN.least, 1 / (1 - share)));
      return (evidence[i]?.requests ?? 0) >= needed;
    })
  );
}

/**
 * Whether a load is too far from any verdict to come to one: evidence grows as requests do.
 * @param part of the load that has run
 */
export function isPointless({ evidence }: Seen, objectives: readonly Objective[], part: number): boolean {
  if (part < GIVE_UP.after || evidence.some(({ requests }) => requests < FEWEST)) return false;
  const on = (side: 'for' | 'against'): readonly number[] =>
    objectives.map(({ share }, i) => doubtOn(side, pool(evidence.slice(i, i + 1)), share));
  return Math.max(Math.min(...on('for')), ...on('against')) < GIVE_UP.below * DOUBT * part;
}
