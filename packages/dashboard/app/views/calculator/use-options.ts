import { useMemo } from 'preact/hooks';
import { answerAt, usualTarget, type Answer, type CalculatorPoint } from '../../../src/model/calculator.js';
import { numberAt, textAt } from '../../../src/model/cells.js';
import { newestOnly } from '../../../src/model/fronts.js';
import { outcomeOf } from '../../../src/model/outcomes.js';
import { quantityOf } from '../../../src/model/quantities.js';
import { seriesNames, seriesOfRows } from '../../../src/model/series.js';
import { useSite } from '../../data/site.js';
import { useMetrics } from '../../data/use-metrics.js';
import type { Place } from '../../state/url.js';
import { useNumbers, type FoundPoints } from '../fronts/use-fronts.js';
import type { CalculatorSettings } from './settings.js';

/** A series, and what it gives at the target. */
export interface CalculatorOption {
  readonly key: string;
  readonly name: string;
  readonly answer: Answer;
}

export interface Options {
  readonly options: readonly CalculatorOption[];
  /** In the unit of the target. */
  readonly target: number;
  /** Whether the address says it. */
  readonly isGiven: boolean;
}

const THROUGHPUT = quantityOf('tput_per_gpu');
const MEASURED_J = quantityOf('j_per_total_measured');

/** Undefined while numbers are loading. */
export function useOptions(
  { points, facets, found }: FoundPoints,
  settings: CalculatorSettings,
  { params }: Place,
): Options | { readonly problem: string } | undefined {
  const { x, value, load, isNewest } = settings;
  const { index } = useSite();
  const metrics = useMetrics([x, THROUGHPUT, MEASURED_J].flatMap((quantity) => quantity?.metrics ?? []));
  // What was shown stays until others have arrived: it has no numbers of another target.
  const isThere =
    metrics.state === 'loaded' &&
    x.metrics.every((key) => metrics.value.has(key) || !index.metrics.some((one) => one.key === key));
  const numbers = useNumbers(points, isThere ? metrics.value : undefined, params);
  const grouping = useMemo(() => seriesOfRows(facets, false), [facets]);
  const series = useMemo(() => {
    if (numbers === undefined) return undefined;
    const seriesOf = (row: number): string => grouping.series[grouping.ofRow[row] ?? 0]?.key ?? '';
    const valid = found.rows.filter((row) => outcomeOf(points, row) === 'valid');
    const of = (name: string) => (row: number) => textAt(points, name, row);
    const rows = isNewest ? newestOnly(valid, seriesOf, of('date'), of('run')) : valid;
    const byKey = new Map<string, CalculatorPoint[]>();
    for (const row of rows) {
      const point = numbers(row);
      const { isl, osl } = point;
      const made: CalculatorPoint = {
        ...{ row, x: x.of(point) ?? NaN, y: THROUGHPUT?.of(point) ?? NaN },
        ...{ measuredJ: MEASURED_J?.of(point), usdPerHour: point.usdPerHour, watts: point.watts },
        devices: numberAt(points, 'devices', row),
        tokensPerRequest: isl === undefined || osl === undefined ? undefined : isl + osl,
      };
      const known = byKey.get(seriesOf(row));
      if (known === undefined) byKey.set(seriesOf(row), [made]);
      else known.push(made);
    }
    const shown = grouping.series.filter(({ key }) => byKey.has(key));
    const names = seriesNames(shown);
    return shown.map(({ key }) => ({ key, name: names.get(key) ?? key, points: byKey.get(key) ?? [] }));
  }, [numbers, grouping, found, points, isNewest, x]);
  const answered = useMemo(() => {
    if (series === undefined) return undefined;
    const target =
      value ??
      usualTarget(
        series.map((one) => one.points),
        x.better,
      );
    if (target === undefined) return { problem: 'no point has both numbers' };
    const options = series.map(({ key, name, points: of }) => ({
      ...{ key, name },
      answer: answerAt(of, target, x.better, load),
    }));
    return { options, target, isGiven: value !== undefined };
  }, [series, value, x, load?.amount, load?.unit]);
  return metrics.state === 'failed' ? { problem: metrics.message } : answered;
}
