import type { Better, Directions, Xy } from './front.js';

/** How a front goes on between its points: `straight` in the units of both axes, or only as far as its points reach: `steps`. */
export type FrontShape = 'steps' | 'straight';

/** A front as a function of x, from its first point to its last. */
export interface Curve {
  readonly key: string;
  /** In the order of x, each x once. */
  readonly points: readonly Xy[];
}

/** From one x to another these series are best; several where they are equal. */
export interface Win {
  readonly from: number;
  readonly to: number;
  readonly keys: readonly string[];
}

/** A piece of a curve: straight between two x. */
interface Piece {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly at: (x: number) => number;
  readonly slope: number;
}

/** Numbers of this relative size are rounding. */
const TINY = 1e-12;

/** Which series' front is best at each x, in the order of x. Fronts are not drawn longer than they are: where there is none, no one wins. */
export function winnersOf(
  curves: readonly Curve[],
  shape: FrontShape,
  directions: Directions,
): readonly Win[] {
  const pieces = curves.flatMap((curve) => piecesOf(curve, shape, directions.x));
  const ends = [...new Set(pieces.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const wins: Win[] = [];
  for (const [index, from] of ends.entries()) {
    const to = ends[index + 1];
    if (to === undefined) break;
    const here = pieces.filter((piece) => piece.from <= from && piece.to >= to);
    for (const win of winsBetween(here, from, to, directions.y)) addWin(wins, win);
  }
  return wins;
}

function piecesOf({ key, points }: Curve, shape: FrontShape, better: Better): readonly Piece[] {
  return points.slice(1).flatMap((end, index) => {
    const begin = points[index];
    if (begin === undefined || !(end.x > begin.x)) return [];
    // What a point reaches, it reaches at every worse x.
    const level = better === 'higher' ? end.y : begin.y;
    const slope = shape === 'steps' ? 0 : (end.y - begin.y) / (end.x - begin.x);
    const at = (x: number): number => (shape === 'steps' ? level : begin.y + slope * (x - begin.x));
    return [{ key, from: begin.x, to: end.x, at, slope }];
  });
}

/** All pieces span from one x to the other. */
function winsBetween(pieces: readonly Piece[], from: number, to: number, better: Better): readonly Win[] {
  const sign = better === 'higher' ? 1 : -1;
  const wins: Win[] = [];
  let x = from;
  while (x < to && pieces.length > 0) {
    const best = pieces.reduce((a, b) => (isAhead(b, a, x, sign) ? b : a));
    const next = pieces.reduce((nearest, piece) => {
      const crossing = crossingOf(best, piece, sign);
      return crossing > x && crossing < nearest ? crossing : nearest;
    }, to);
    const middle = x + (next - x) / 2;
    const keys = pieces.filter((piece) => isLevel(piece, best, middle)).map(({ key }) => key);
    wins.push({ from: x, to: next, keys: [...new Set(keys)].sort() });
    x = next;
  }
  return wins;
}

/** Whether a is better than b right after x. */
function isAhead(a: Piece, b: Piece, x: number, sign: number): boolean {
  if (!areNear(a.at(x), b.at(x))) return sign * (a.at(x) - b.at(x)) > 0;
  return sign * (a.slope - b.slope) > 0;
}

function isLevel(a: Piece, b: Piece, x: number): boolean {
  return a === b || areNear(a.at(x), b.at(x));
}

function areNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= TINY * Math.max(Math.abs(a), Math.abs(b));
}

/** Where the other piece overtakes this one; infinite where it does not. */
function crossingOf(piece: Piece, other: Piece, sign: number): number {
  const closing = sign * (other.slope - piece.slope);
  if (!(closing > 0)) return Infinity;
  return piece.from + (sign * (piece.at(piece.from) - other.at(piece.from))) / closing;
}

/** The same winner on both sides of a corner has won once. */
function addWin(wins: Win[], win: Win): void {
  const last = wins.at(-1);
  if (last?.to === win.from && last.keys.join('\n') === win.keys.join('\n'))
    wins[wins.length - 1] = { ...last, to: win.to };
  else wins.push(win);
}
