import { ALONE, FEWEST, type Verdict } from './decide.js';

/** What is known of a value that was tried. */
export interface Tried {
  readonly value: number;
  readonly verdict: Verdict;
  /** What it seems to be, decided or not. */
  readonly leans: 'holds' | 'fails';
  /** It was to go on until it is decided, as far as its limits allow; others only show where to look. */
  readonly isThorough: boolean;
  /** Mean requests in flight. */
  readonly inFlight?: number;
  /** Requests that were judged; missing where the probe says nothing. */
  readonly requests?: number;
}

/** Where is looked. */
export interface Range {
  readonly first: number;
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
  /** The upper end of the bracket over the lower one is to be 1 more than this at most. */
  readonly precision: number;
}

/** The largest value at which the objectives were seen to hold, and the least at which they were seen to fail. */
export interface Bracket {
  readonly holds?: number;
  readonly fails?: number;
}

export type Step =
  | { readonly kind: 'probe'; readonly value: number; readonly isThorough: boolean }
  /**
   * `bracket`: as narrow as asked for; `wide`: what is between its ends can't be told within the limits of a probe; `none`: they fail even where
   * requests hardly meet; `beyond`: they hold at the largest value.
   */
  | { readonly kind: 'done'; readonly how: 'bracket' | 'wide' | 'none' | 'beyond' };

/** How far apart values may be whose verdicts are worth their time. */
const NEAR = 1.25;
/** Between values while one end of the bracket isn't known. */
const STEP = { first: 2, most: 8 };
/** Of a rate: the same in specs, tables and results. */
const DIGITS = 4;

/** What to do next, from what was tried so far, in order. */
export function nextStep(tried: readonly Tried[], range: Range): Step {
  const last = tried.at(-1);
  if (last === undefined) return probe(range.first, false, range);
  const known = withoutContradicted(tried);
  const below = highest(known.filter(isUp));
  const above = lowest(known.filter(isDown));
  if (below !== undefined && above !== undefined) return between(known, below, above, range);
  if (below !== undefined) return upwards(known, below, range);
  if (above !== undefined) return downwards(known, above, range);
  // Nothing is known but values that stay open.
  const beyond = 2 ** Math.min(3, known.length);
  return probe(last.leans === 'holds' ? last.value * beyond : last.value / beyond, false, range);
}

/** The bracket so far: its ends are decided. */
export function bracketOf(tried: readonly Tried[]): Bracket {
  const known = withoutContradicted(tried);
  const holds = highest(known.filter(({ verdict }) => verdict === 'holds'))?.value;
  const fails = lowest(known.filter(({ verdict }) => verdict === 'fails'))?.value;
  return { ...(holds !== undefined && { holds }), ...(fails !== undefined && { fails }) };
}

/** No upper end yet. */
function upwards(known: readonly Tried[], below: Tried, range: Range): Step {
  if (below.value >= range.most) {
    if (below.verdict === 'holds') return { kind: 'done', how: 'beyond' };
    return probe(below.value, true, range);
  }
  const open = known.filter(({ value }) => value > below.value);
  const begin = highest(open)?.value;
  if (begin === undefined) return probe(below.value * factor(known.filter(isUp), below), false, range);
  const steps = open.filter(({ leans }) => leans === 'fails').length;
  return probe(begin * beyondOpen(steps, range), true, range, { begin, end: Infinity });
}

/** No lower end yet. */
function downwards(known: readonly Tried[], above: Tried, range: Range): Step {
  // Fewer would be served no faster.
  const isLeast = above.value <= range.least || (above.inFlight ?? Infinity) < ALONE;
  if (isLeast) {
    if (above.verdict === 'fails') return { kind: 'done', how: 'none' };
    return probe(above.value, true, range);
  }
  const open = known.filter(({ value }) => value < above.value);
  const next = lowest(open);
  if (next === undefined) return probe(above.value / factor(known.filter(isDown), above), false, range);
  // What a few requests made seem to fail is looked at again before others that can't be decided follow.
  if (above.verdict !== 'fails') return probe(above.value, true, range);
  if (isScarce(next)) return { kind: 'done', how: 'wide' };
  const steps = open.filter(({ leans }) => leans === 'holds').length;
  return probe(next.value / beyondOpen(steps, range), true, range, { begin: -Infinity, end: next.value });
}

/** Too few requests within the limits of a probe, or so few that they hardly meet: with less load nothing more would be decided. */
function isScarce({ requests = Infinity, inFlight = Infinity }: Tried): boolean {
  return requests < FEWEST || (requests < Infinity && inFlight < ALONE);
}

/** Quick probes narrow the gap, its ends are decided, and then thorough probes narrow it further, as far as they can be decided. */
function between(known: readonly Tried[], below: Tried, above: Tried, range: Range): Step {
  const inside = known.filter(({ value }) => value > below.value && value < above.value);
  const isQuick = inside.length === 0 && above.value / below.value > NEAR;
  if (!isQuick && below.verdict !== 'holds') return probe(below.value, true, range);
  if (!isQuick && above.verdict !== 'fails') return probe(above.value, true, range);
  const marks = [below.value, ...inside.map(({ value }) => value).sort((a, b) => a - b), above.value];
  const gaps = marks.slice(1).map((end, i) => ({ begin: marks[i] ?? end, end }));
  // What lies between values that stay open stays so.
  const ends = [gaps[0], gaps.at(-1)].filter((gap) => gap !== undefined);
  const widest = ends.reduce((a, b) => (b.end / b.begin > a.end / a.begin ? b : a));
  if (isWide(widest.begin, widest.end, range)) {
    return probe(Math.sqrt(widest.begin * widest.end), !isQuick, range, widest);
  }
  return { kind: 'done', how: inside.length === 0 ? 'bracket' : 'wide' };
}

function isWide(begin: number, end: number, { isWhole, precision }: Range): boolean {
  return end / begin > 1 + precision && (!isWhole || end - begin > 1);
}

/** The next step from the last of the values that lead the same way: the square of the one before, and 2 at first. */
function factor(sameWay: readonly Tried[], last: Tried): number {
  const steps = sameWay
    .filter(({ value }) => value !== last.value)
    .map(({ value }) => ratio(value, last.value));
  return steps.length === 0 ? STEP.first : Math.min(STEP.most, Math.max(NEAR, Math.min(...steps) ** 2));
}

/** Of the larger to the smaller. */
function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b);
}

/** From a value that stays open to one that may not: further the more of them seemed to be on that side already. */
function beyondOpen(steps: number, { precision }: Range): number {
  return (1 + precision) ** (2 ** Math.min(4, Math.max(0, steps - 1)));
}

function probe(
  wanted: number,
  isThorough: boolean,
  { isWhole, least, most }: Range,
  { begin, end }: { readonly begin: number; readonly end: number } = { begin: -Infinity, end: Infinity },
): Step {
  // Whole numbers that are tried already are no step.
  const value = isWhole
    ? Math.min(end - 1, Math.max(begin + 1, Math.round(wanted)))
    : Number(wanted.toPrecision(DIGITS));
  return { kind: 'probe', value: Math.min(most, Math.max(least, value)), isThorough };
}

const isUp = ({ verdict, leans, isThorough }: Tried): boolean =>
  verdict === 'holds' || (verdict === 'open' && !isThorough && leans === 'holds');
const isDown = ({ verdict, leans, isThorough }: Tried): boolean =>
  verdict === 'fails' || (verdict === 'open' && !isThorough && leans === 'fails');

/**
 * What still counts: the last of each value, and of two that say the opposite of what more load does, the decided one or else the
 * later one.
 */
function withoutContradicted(tried: readonly Tried[]): readonly Tried[] {
  let known: readonly Tried[] = [];
  for (const one of tried) {
    const others = known.filter(({ value }) => value !== one.value);
    const against = others.filter((other) => contradict(one, other));
    const isWeaker = one.verdict === 'open' && against.some(({ verdict }) => verdict !== 'open');
    known = isWeaker ? known : [...others.filter((other) => !against.includes(other)), one];
  }
  return known;
}

function contradict(a: Tried, b: Tried): boolean {
  if (isUp(a) && isDown(b)) return a.value >= b.value;
  return isDown(a) && isUp(b) && a.value <= b.value;
}

function highest(all: readonly Tried[]): Tried | undefined {
  return all.reduce<Tried | undefined>((a, b) => (a === undefined || b.value > a.value ? b : a), undefined);
}

function lowest(all: readonly Tried[]): Tried | undefined {
  return all.reduce<Tried | undefined>((a, b) => (a === undefined || b.value < a.value ? b : a), undefined);
}
