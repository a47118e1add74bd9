import type { LineShape, Xy } from './chart-data.js';
import type { Corner } from './drawing.js';

/** On a logarithmic axis a line that is straight in the units of the data is curved: it is drawn in so many pieces. */
const PIECES = 24;

export interface Places {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly isStraight: boolean;
}

/** Corners of a line in pixels. */
export function outlineOf(points: readonly Xy[], shape: LineShape, places: Places): readonly Corner[] {
  const corners: Corner[] = [];
  const add = (x: number, y: number): void => {
    const corner: Corner = [places.x(x), places.y(y)];
    if (corner.every(Number.isFinite)) corners.push(corner);
  };
  let before: Xy | undefined;
  for (const point of points) {
    if (before !== undefined) {
      if (shape === 'step-after') add(point.x, before.y);
      else if (shape === 'step-before') add(before.x, point.y);
      else if (!places.isStraight) addPieces(before, point, add);
    }
    add(point.x, point.y);
    before = point;
  }
  return corners;
}

function addPieces(from: Xy, to: Xy, add: (x: number, y: number) => void): void {
  for (let piece = 1; piece < PIECES; piece += 1) {
    const share = piece / PIECES;
    add(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share);
  }
}
