import { useMemo } from 'preact/hooks';
import { numberAt, rowsOf, textAt } from '../../../src/model/cells.js';
import { busiestOf, choiceOf } from '../../../src/model/choice.js';
import {
  facetCodes,
  findRows,
  withDates,
  type Choice,
  type FacetCodes,
  type Found,
} from '../../../src/model/filters.js';
import { frontsOf, newestOnly, type FrontPoint, type Fronts } from '../../../src/model/fronts.js';
import { intervalOf, metricIntervals, type MetricIntervals } from '../../../src/model/intervals.js';
import { outcomeOf } from '../../../src/model/outcomes.js';
import { pointNumbersOf, type MetricValues } from '../../../src/model/point-numbers.js';
import { parallelismWords, pointWords } from '../../../src/model/point-words.js';
import { assumptionsOf } from '../../../src/model/prices.js';
import { quantityOf, valuesOf, type Quantity } from '../../../src/model/quantities.js';
import { seriesNames, seriesOfRows, type SeriesOfRows } from '../../../src/model/series.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { useListedData } from '../../data/use-data.js';
import { useMetrics } from '../../data/use-metrics.js';
import type { Place } from '../../state/url.js';
import type { Settings } from './settings.js';

const EMPTY: TableData = { rows: 0, columns: {} };

export interface FoundPoints {
  readonly points: TableData;
  readonly facets: readonly FacetCodes[];
  readonly choice: Choice;
  readonly found: Found;
}

/** What the filters of the address let through. */
export function useFound({ params }: Place): FoundPoints {
  const { index, points: given } = useSite();
  const points = useMemo(() => withDates(given, index.runs), [given, index]);
  const facets = useMemo(() => facetCodes(points), [points]);
  const busiest = useMemo(() => busiestOf(points, facets), [points, facets]);
  const texts = useMemo(() => textsOf(points), [points]);
  const words = (params['q'] ?? '').trim();
  const chosen = facets.map(({ facet }) => params[facet.key] ?? '\u0000').join('\u0001');
  const choice = useMemo(() => choiceOf(facets, params, busiest), [facets, busiest, chosen]);
  const found = useMemo(() => findRows(facets, choice, { words, texts }), [facets, choice, words, texts]);
  return { points, facets, choice, found };
}

/** What is searched in, by row; made when something is first searched for. */
function textsOf(points: TableData): () => readonly string[] {
  let texts: readonly string[] | undefined;
  const textOf = (row: number): string => {
    const names = ['point', 'run', 'image', 'series', 'error', 'error_code', 'date'];
    const cells = names.map((name) => textAt(points, name, row) ?? '');
    return [pointWords(points, row), parallelismWords(points, row), ...cells].join('\n').toLowerCase();
  };
  return () => (texts ??= Array.from({ length: points.rows }, (_, row) => textOf(row)));
}

export interface ShownSeries {
  readonly key: string;
  readonly name: string;
  /** Of its colour and shape. */
  readonly look: number;
}

export interface ShownFronts {
  readonly fronts: Fronts;
  /** Of all that the filters let through, those that are hidden included. */
  readonly series: readonly ShownSeries[];
  /** Points that `newest` leaves out. */
  readonly older: number;
  readonly intervals: Intervals;
}

/** Fronts of what was found; undefined while its numbers are loading. */
export function useFronts(
  { points, facets, choice, found }: FoundPoints,
  settings: Settings,
  { params }: Place,
): ShownFronts | { readonly failed: string } | undefined {
  const { x, y, statistic, maxTtft, maxTpot, shape, isByRun, isNewest, solo, hidden } = settings;
  const slo = useMemo(() => limitsOf(statistic, maxTtft, maxTpot), [statistic, maxTtft, maxTpot]);
  const metrics = useMetrics([x, y, ...slo.map(({ quantity }) => quantity)].flatMap((one) => one.metrics));
  const numbers = useNumbers(points, metrics.state === 'loaded' ? metrics.value : undefined, params);
  const grouping = useMemo(() => seriesOfRows(facets, isByRun), [facets, isByRun]);
  const looks = useMemo(() => looksOf(facets, choice, grouping), [facets, choice, grouping]);
  const intervals = useIntervals();
  const outcomes = useMemo(() => rowsOf(points).map((row) => outcomeOf(points, row)), [points]);
  const [xs, ys] = [useValues(x, points, numbers), useValues(y, points, numbers)];
  const kept = useMemo(() => numbers && keptOf(slo, points, numbers), [slo, points, numbers]);

  const shown = useMemo(() => {
    const seriesOf = (row: number): string => grouping.series[grouping.ofRow[row] ?? 0]?.key ?? '';
    const rows = isNewest
      ? newestOnly(
          found.rows,
          seriesOf,
          (row) => textAt(points, 'date', row),
          (row) => textAt(points, 'run', row),
        )
      : found.rows;
    const ids = [...new Set(rows.map((row) => grouping.ofRow[row] ?? 0))].sort((a, b) => a - b);
    const named = ids.flatMap((id) => grouping.series[id] ?? []);
    const names = seriesNames(named);
    const series = named.map(({ key }) => ({ key, name: names.get(key) ?? key, look: looks.get(key) ?? 0 }));
    return { rows, series, seriesOf, older: found.rows.length - rows.length };
  }, [found, grouping, looks, isNewest, points]);

  const hiddenKeys = [...hidden].join('\u0000');
  const fronts = useMemo(() => {
    if (numbers === undefined || xs === undefined || ys === undefined) return undefined;
    const isShown = (row: number): boolean =>
      solo === undefined ? !hidden.has(shown.seriesOf(row)) : shown.seriesOf(row) === solo;
    const pointOf = (row: number): FrontPoint => ({
      row,
      x: xs[row] ?? NaN,
      y: ys[row] ?? NaN,
      outcome: outcomes[row] ?? 'unknown',
      isKept: kept?.[row] !== 0,
      interval: intervals.known.has(row) ? intervalOf(y, numbers(row), intervals.known.get(row)) : undefined,
    });
    return frontsOf({
      rows: shown.rows.filter(isShown),
      seriesOf: shown.seriesOf,
      pointOf,
      directions: { x: x.better, y: y.better },
      shape,
    });
  }, [shown, numbers, xs, ys, kept, intervals, outcomes, x, y, shape, solo, hiddenKeys]);
  const result = useMemo(
    () => fronts && { fronts, series: shown.series, older: shown.older, intervals },
    [fronts, shown, intervals],
  );
  return metrics.state === 'failed' ? { failed: metrics.message } : result;
}

export type Numbers = ReturnType<typeof pointNumbersOf>;

/** Reads points for quantities, with the prices and power of the address. */
export function useNumbers(
  points: TableData,
  metrics: MetricValues | undefined,
  params: Readonly<Record<string, string>>,
): Numbers | undefined {
  const { index } = useSite();
  const { offer, prices } = params;
  return useMemo(
    () => metrics && pointNumbersOf(points, metrics, assumptionsOf(index.hardware, params)),
    [points, metrics, index, offer, prices],
  );
}

function useValues(
  quantity: Quantity,
  points: TableData,
  numbers: Numbers | undefined,
): Float64Array | undefined {
  return useMemo(
    () =>
      numbers &&
      valuesOf(
        quantity,
        Array.from({ length: points.rows }, (_, row) => row),
        numbers,
      ),
    [quantity, points, numbers],
  );
}

/** Intervals of metrics between runs. */
export interface Intervals {
  /** None while they are loading, and where the site has none. */
  readonly known: MetricIntervals;
  /** Why there are none yet, or none at all although the site lists them. */
  readonly problem: string | undefined;
}

export function useIntervals(): Intervals {
  const loaded = useListedData<TableData>('between');
  return useMemo(() => {
    const known = metricIntervals(loaded.state === 'loaded' ? (loaded.value ?? EMPTY) : EMPTY);
    if (loaded.state === 'loaded') return { known, problem: undefined };
    const problem =
      loaded.state === 'failed'
        ? `intervals between runs can't be shown: ${loaded.message}`
        : 'intervals between runs are loading';
    return { known, problem };
  }, [loaded]);
}

interface Limit {
  readonly quantity: Quantity;
  readonly max: number;
}

function limitsOf(statistic: string, maxTtft?: number, maxTpot?: number): readonly Limit[] {
  const limits = [
    { quantity: quantityOf(`${statistic}_ttft`), max: maxTtft },
    { quantity: quantityOf(`${statistic}_tpot`), max: maxTpot },
  ];
  return limits.flatMap(({ quantity, max }) =>
    quantity === undefined || max === undefined ? [] : [{ quantity, max }],
  );
}

/** 1 for rows that keep all limits. A row that lacks a number can't be shown to keep its limit. */
function keptOf(limits: readonly Limit[], points: TableData, numbers: Numbers): Uint8Array | undefined {
  if (limits.length === 0) return undefined;
  return Uint8Array.from({ length: points.rows }, (_, row) =>
    limits.every(({ quantity, max }) => (quantity.of(numbers(row)) ?? Infinity) <= max) ? 1 : 0,
  );
}

/** Colours stay as they are while filters change, but for model and lengths. */
function looksOf(
  facets: readonly FacetCodes[],
  choice: Choice,
  { series, ofRow }: SeriesOfRows,
): ReadonlyMap<string, number> {
  const scope = facets
    .filter(({ facet }) => choice.has(facet.key) && ['model', 'lengths'].includes(facet.key))
    .map(({ facet, names, codes }) => ({
      codes,
      allowed: names.map((name) => choice.get(facet.key)?.has(name)),
    }));
  const ids = new Set<number>();
  for (const [row, id] of ofRow.entries())
    if (scope.every(({ codes, allowed }) => allowed[codes[row]?.[0] ?? 0] === true)) ids.add(id);
  const inOrder = [...ids].sort((a, b) => a - b);
  return new Map(inOrder.map((id, look) => [series[id]?.key ?? '', look]));
}

/** Parallelism and load of a point in few letters. */
export function shortLabel(points: TableData, row: number): string {
  const conc = numberAt(points, 'conc', row);
  return [parallelismWords(points, row), conc === undefined ? '' : `C ${conc}`]
    .filter((part) => part !== '')
    .join(' · ');
}
