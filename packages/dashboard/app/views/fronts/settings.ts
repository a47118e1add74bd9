import { quantityOf, type Quantity } from '../../../src/model/quantities.js';
import { STATISTICS, type Statistic } from '../../../src/model/quantities/latency.js';
import { positive } from '../../../src/model/prices.js';
import { parseValues } from '../../../src/model/filters.js';
import type { FrontShape } from '../../../src/model/winners.js';
import type { Place } from '../../state/url.js';

/** What can be on the x axis; `isOne`: it has one statistic, which is part of its definition. */
export const X_AXES = [
  { key: 'intvty', label: 'Interactivity' },
  { key: 'e2el', label: 'E2E latency' },
  { key: 'ttft', label: 'TTFT' },
  { key: 'tpot', label: 'TPOT' },
  { key: 'p90_e2e_norm_intvty', label: 'End-to-end interactivity, p90', isOne: true },
] as const;

export const FIRST_Y = 'tput_per_gpu';

/** What the address says of the chart, besides the filters. */
export interface Settings {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly xAxis: string;
  readonly statistic: Statistic;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  readonly shape: FrontShape;
  /** ms, at the statistic. */
  readonly maxTtft: number | undefined;
  readonly maxTpot: number | undefined;
  readonly hidesDominated: boolean;
  readonly hasLabels: boolean;
  readonly hasIntervals: boolean;
  readonly isByRun: boolean;
  readonly isNewest: boolean;
  readonly solo: string | undefined;
  readonly hidden: ReadonlySet<string>;
  readonly isEmbedded: boolean;
}

export function settingsOf({ params }: Place): Settings {
  const axis = X_AXES.find(({ key }) => key === params['x']) ?? X_AXES[0];
  const statistic = STATISTICS.find((one) => one === params['stat']) ?? 'median';
  const xKey = 'isOne' in axis ? axis.key : `${statistic}_${axis.key}`;
  const isOn = (name: string): boolean => params[name] === '1';
  return {
    x: wanted(xKey),
    y: quantityOf(params['y']) ?? wanted(FIRST_Y),
    xAxis: axis.key,
    statistic,
    isLogX: isOn('logx'),
    isLogY: isOn('logy'),
    shape: params['between'] === 'straight' ? 'straight' : 'steps',
    maxTtft: positive(params['ttft']),
    maxTpot: positive(params['tpot']),
    hidesDominated: isOn('best'),
    hasLabels: isOn('labels'),
    hasIntervals: params['intervals'] !== '0',
    isByRun: isOn('byrun'),
    isNewest: isOn('newest'),
    solo: params['solo'],
    hidden: new Set(parseValues(params['hide'] ?? '')),
    isEmbedded: isOn('embed'),
  };
}

function wanted(key: string): Quantity {
  const quantity = quantityOf(key);
  if (quantity === undefined) throw new RangeError(`no quantity ${key}`);
  return quantity;
}
