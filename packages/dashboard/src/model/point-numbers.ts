import type { TableData } from '../site/table.js';
import { flagAt, numberAt, textAt } from './cells.js';
import { priceOf, wattsOf, type Assumptions } from './prices.js';
import type { PointNumbers } from './quantities.js';

/** Columns of metrics that are loaded, by key. */
export type MetricValues = ReadonlyMap<string, readonly (number | null)[]>;

/** Reads a site's points for quantities. */
export function pointNumbersOf(
  points: TableData,
  metrics: MetricValues,
  assumptions: Assumptions,
): (row: number) => PointNumbers {
  return (row) => {
    const number = (name: string): number | undefined => numberAt(points, name, row);
    const sku = textAt(points, 'sku', row);
    const [prefill, decode] = [number('num_prefill_gpu'), number('num_decode_gpu')];
    const isSplit = flagAt(points, 'disagg', row) === true;
    return {
      metric: (key) => metrics.get(key)?.[row] ?? undefined,
      ...{ isl: number('isl'), osl: number('osl'), isSplit },
      split: isSplit && prefill !== undefined && decode !== undefined ? { prefill, decode } : undefined,
      ...{ usdPerHour: priceOf(assumptions, sku), watts: wattsOf(assumptions, sku) },
    };
  };
}
