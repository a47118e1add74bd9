import { flagAt, numberAt, textAt, textsAt } from '../../../src/model/cells.js';
import { csvText, type CsvValue } from '../../../src/model/csv.js';
import type { FrontPoint } from '../../../src/model/fronts.js';
import type { Quantity } from '../../../src/model/quantities.js';
import type { TableData } from '../../../src/site/table.js';
import type { Settings } from './settings.js';
import type { ShownFronts } from './use-fronts.js';

const TEXTS = [
  'run',
  'point',
  'origin',
  'date',
  'model',
  'sku',
  'framework',
  'precision',
  'spec_decoding',
  'image',
] as const;
const NUMBERS = ['isl', 'osl', 'conc', 'rate', 'tp', 'pp', 'ep', 'devices'] as const;

/** The points of the chart, with what they are. */
export function csvOf({ fronts, series }: ShownFronts, { x, y }: Settings, points: TableData): string {
  const header = [
    'series',
    headerOf(x),
    headerOf(y),
    `interval from (${y.unit})`,
    `interval to (${y.unit})`,
    'interval basis',
    'runs of interval',
    ...['on front', 'keeps limits', 'outcome', 'marks'],
    ...TEXTS,
    ...['isl (tokens)', 'osl (tokens)', 'concurrency', 'rate (requests/s)', 'tp', 'pp', 'ep', 'devices'],
    'disaggregated',
  ];
  const rows = series.flatMap(({ key, name }) => {
    const part = fronts.series.find((one) => one.key === key);
    return (part?.points ?? []).map((point) => [
      name,
      ...numbersOf(point),
      part?.best.has(point.row),
      point.isKept,
      point.outcome,
      textsAt(points, 'marks', point.row).join(' '),
      ...TEXTS.map((column) => textAt(points, column, point.row)),
      ...NUMBERS.map((column) => numberAt(points, column, point.row)),
      flagAt(points, 'disagg', point.row),
    ]);
  });
  return csvText(header, rows);
}

function headerOf({ label, unit }: Quantity): string {
  return `${label} (${unit})`;
}

function numbersOf({ x, y, interval }: FrontPoint): readonly CsvValue[] {
  return [x, y, interval?.low, interval?.high, interval?.basis, interval?.runs];
}
