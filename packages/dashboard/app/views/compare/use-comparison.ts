import { useMemo } from 'preact/hooks';
import {
  busiestPair,
  comparedSides,
  DIMENSIONS,
  sidesOf,
  type ComparedSides,
  type Dimension,
} from '../../../src/model/compared.js';
import { parseValues } from '../../../src/model/filters.js';
import type { Judged } from '../../data/use-judged.js';
import type { Place } from '../../state/url.js';
import { useNumbers, type FoundPoints } from '../fronts/use-fronts.js';

/** What the address chooses, or else what has most in common. */
export interface Sides {
  readonly dimension: Dimension;
  /** Names of all sides that there are, and their rows. */
  readonly all: ReadonlyMap<string, readonly number[]>;
  readonly a: string | undefined;
  readonly b: readonly string[];
}

export function useSides({ points, found }: FoundPoints, { params }: Place): Sides {
  const rows = found.ofAnyOutcome;
  const { by, a, b } = params;
  const given = DIMENSIONS.find(({ key }) => key === by);
  const usual = useMemo(() => {
    for (const dimension of given === undefined ? DIMENSIONS : [given]) {
      const pair = busiestPair(points, found.rows, dimension);
      if (pair !== undefined) return { dimension, pair };
    }
    return undefined;
  }, [points, found, given]);
  const dimension = given ?? usual?.dimension ?? DIMENSIONS[0];
  const all = useMemo(
    () => (dimension === undefined ? new Map<string, number[]>() : sidesOf(points, rows, dimension)),
    [points, rows, dimension],
  );
  return useMemo(() => {
    if (dimension === undefined) throw new RangeError('no dimension');
    const [first, second] = usual?.pair ?? [];
    const left = a ?? (b === undefined ? first : undefined) ?? first;
    const right = b === undefined ? [second === left ? first : second] : parseValues(b);
    return {
      ...{ dimension, all, a: left },
      b: right.filter((value) => value !== undefined && value !== left),
    } as Sides;
  }, [dimension, all, usual, a, b]);
}

export interface SideComparison extends ComparedSides {
  readonly b: string;
}

/** Undefined while prices are being read. @param isPerDollar whether throughput is that of a dollar */
export function useComparisons(
  { points }: FoundPoints,
  { dimension, all, a, b }: Sides,
  { judged, valueOf }: Judged,
  isPerDollar: boolean,
  { params }: Place,
): readonly SideComparison[] {
  const numbers = useNumbers(points, NONE, params);
  const names = b.join('\u0000');
  return useMemo(() => {
    const number = (row: number): number | undefined => {
      const value = valueOf(row);
      if (!isPerDollar || value === undefined) return value;
      const usd = numbers?.(row).usdPerHour;
      return usd === undefined ? undefined : (value * 3600) / usd;
    };
    const left = (a === undefined ? undefined : all.get(a)) ?? [];
    return b.map((name) => ({
      b: name,
      ...comparedSides({ points, dimension, a: left, b: all.get(name) ?? [], judged, valueOf: number }),
    }));
  }, [points, dimension, all, a, names, judged, valueOf, isPerDollar, numbers]);
}

const NONE = new Map<string, readonly (number | null)[]>();
