import { ENERGY } from './quantities/energy.js';
import { LATENCY } from './quantities/latency.js';
import type { PointNumbers, Quantity } from './quantities/quantity.js';
import { THROUGHPUT } from './quantities/throughput.js';
import { COST } from './quantities/cost.js';

export type { PointNumbers, Quantity } from './quantities/quantity.js';

/** All that can be on an axis, in the order of menus. */
export const QUANTITIES: readonly Quantity[] = [...THROUGHPUT, ...COST, ...ENERGY, ...LATENCY];

const BY_KEY = new Map(QUANTITIES.map((quantity) => [quantity.key, quantity]));

export function quantityOf(key: string | undefined): Quantity | undefined {
  return key === undefined ? undefined : BY_KEY.get(key);
}

/** Those that some point of a site may have, by the metrics that the site has. */
export function quantitiesWith(metrics: ReadonlySet<string>): readonly Quantity[] {
  return QUANTITIES.filter((quantity) => quantity.metrics.some((key) => metrics.has(key)));
}

/** A quantity of many points: NaN where one lacks it. */
export function valuesOf(
  quantity: Quantity,
  rows: readonly number[],
  pointOf: (row: number) => PointNumbers,
): Float64Array {
  return Float64Array.from(rows, (row) => quantity.of(pointOf(row)) ?? NaN);
}
