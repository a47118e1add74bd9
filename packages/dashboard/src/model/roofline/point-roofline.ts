import type { SiteHardware } from '../../site/site-data.js';
import type { TableData } from '../../site/table.js';
import { numberAt, textAt } from '../cells.js';
import { rooflineOf, type Roofline } from './roofline.js';

/** What a point reaches of the bound that its hardware sets. */
export interface PointRoofline extends Roofline {
  /** Input and output tokens/s per device, measured. */
  readonly throughput: number;
  /** Of the bound: above 1 is a defect of the facts, or of the measurement. */
  readonly share: number;
}

/** Undefined where a fact is missing. @param throughput `tput_per_gpu` of the point */
export function pointRoofline(
  points: TableData,
  row: number,
  hardware: readonly SiteHardware[],
  throughput: number | undefined,
): PointRoofline | undefined {
  const text = (name: string): string => textAt(points, name, row) ?? '';
  const number = (name: string): number => numberAt(points, name, row) ?? NaN;
  const sku = text('sku');
  const bound = rooflineOf(
    {
      ...{ modelPrefix: text('infmax_model_prefix'), precision: text('precision') },
      ...{ specDecoding: text('spec_decoding'), isl: number('isl'), osl: number('osl') },
      concurrency: number('conc'),
    },
    hardware.find((one) => one.sku === sku),
  );
  if (bound === undefined || throughput === undefined || !(throughput > 0)) return undefined;
  return { ...bound, throughput, share: throughput / bound.totalPerDevice };
}
