import type { PlannedPoint } from './plan.js';

/** Which measurement of a point this is, in a sweep that measures each several times. */
export interface Repeat {
  /** From 1. */
  readonly number: number;
  /** Name of the point, which all of its repeats share. */
  readonly point: string;
}

/** Each point so many times, its repeats one after another. The first has the point's own name. Once: the points as they are. */
export function repeatsOf(points: readonly PlannedPoint[], count: number): readonly PlannedPoint[] {
  if (count === 1) return points;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return points.flatMap((planned) =>
    numbers.map((number) => ({
      ...planned,
      name: number === 1 ? planned.name : `${planned.name}.r${number}`,
      repeat: { number, point: planned.name },
    })),
  );
}

/** Name of the point, whichever of its measurements this is. */
export function nameOfPoint({ name, repeat }: PlannedPoint): string {
  return repeat?.point ?? name;
}
