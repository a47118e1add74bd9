import type { Load } from '../../../src/model/calculator.js';
import { positive } from '../../../src/model/prices.js';
import { quantityOf, type Quantity } from '../../../src/model/quantities.js';
import { STATISTICS, type Statistic } from '../../../src/model/quantities/latency.js';
import type { Place } from '../../state/url.js';

/** What a target can be set for. */
export const TARGETS = [
  { key: 'intvty', label: 'interactivity of at least' },
  { key: 'ttft', label: 'TTFT of at most' },
  { key: 'tpot', label: 'TPOT of at most' },
] as const;

export const LOAD_UNITS = ['tokens/s', 'requests/s'] as const;

/** What bars show; `best`: which way a number is better. */
export const SHOWN = [
  { key: 'throughput', label: 'Throughput per device', unit: 'tok/s/device', best: 'highest' },
  { key: 'cost', label: 'Cost per million tokens', unit: '$/M tokens', best: 'lowest' },
  { key: 'energy', label: 'Energy per token, provisioned', unit: 'J/token', best: 'lowest' },
  { key: 'devices', label: 'Devices for the load', unit: '', best: 'lowest' },
] as const;

export type Shown = (typeof SHOWN)[number];

/** What the address says, besides the filters and prices. */
export interface CalculatorSettings {
  readonly target: (typeof TARGETS)[number];
  readonly statistic: Statistic;
  readonly x: Quantity;
  /** In the unit of `x`; undefined where the address says none. */
  readonly value: number | undefined;
  readonly load: Load | undefined;
  readonly loadUnit: Load['unit'];
  readonly shown: Shown;
  readonly isNewest: boolean;
}

export function calculatorSettings({ params }: Place): CalculatorSettings {
  const target = TARGETS.find(({ key }) => key === params['target']) ?? TARGETS[0];
  const statistic = STATISTICS.find((one) => one === params['stat']) ?? 'median';
  const x = quantityOf(`${statistic}_${target.key}`);
  if (x === undefined) throw new RangeError(`no quantity ${statistic}_${target.key}`);
  const loadUnit = LOAD_UNITS.find((unit) => unit === params['unit']) ?? LOAD_UNITS[0];
  const amount = positive(params['load']);
  return {
    ...{ target, statistic, x, value: positive(params['at']), loadUnit },
    load: amount === undefined ? undefined : { amount, unit: loadUnit },
    shown: SHOWN.find(({ key }) => key === params['bars']) ?? SHOWN[0],
    isNewest: params['newest'] === '1',
  };
}
