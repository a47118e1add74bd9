import type { FrontPoint } from '../../../src/model/fronts.js';
import { knownStretches } from '../../../src/model/fronts.js';
import { numberText } from '../../../src/model/number-text.js';
import type { Quantity } from '../../../src/model/quantities.js';
import type { TableData } from '../../../src/site/table.js';
import type { ChartAxis, ChartData, ChartPoint, ChartRule, LineShape } from '../../chart/chart-data.js';
import type { Settings } from './settings.js';
import { shortLabel, type ShownFronts } from './use-fronts.js';

/** The chart of fronts. */
export function chartOf(
  { fronts, series }: ShownFronts,
  settings: Settings,
  { points, subtitle }: { readonly points: TableData; readonly subtitle: string },
): ChartData {
  const { x, y, hidesDominated, hasLabels, hasIntervals } = settings;
  const lineShape = lineShapeOf(settings);
  return {
    title: `${y.label} against ${lowerFirst(x.label)}`,
    subtitle,
    x: axisOf(x, settings.isLogX),
    y: axisOf(y, settings.isLogY),
    rules: rulesOf(settings),
    series: series.flatMap(({ key, name, look }) => {
      const part = fronts.series.find((one) => one.key === key);
      if (part === undefined) return [];
      const shown = hidesDominated ? part.points.filter(({ row }) => part.best.has(row)) : part.points;
      const bands = hasIntervals
        ? knownStretches(part.front).map((stretch) => bandOf(stretch, lineShape))
        : [];
      return [
        {
          ...{ key, name, look, bands },
          lines: part.front.length > 1 ? [{ points: part.front, shape: lineShape }] : [],
          points: shown.map((point) =>
            chartPoint(point, hasIntervals, hasLabels ? shortLabel(points, point.row) : undefined),
          ),
        },
      ];
    }),
  };
}

/** What a point reaches, it reaches at every worse x: steps go up before they go on where more is better, else after. */
function lineShapeOf({ shape, x }: Settings): LineShape {
  if (shape === 'straight') return 'straight';
  return x.better === 'higher' ? 'step-before' : 'step-after';
}

function axisOf({ label, unit }: Quantity, isLog: boolean): ChartAxis {
  return { label, unit, scale: isLog ? 'log' : 'linear', hasZero: !isLog };
}

function bandOf(stretch: readonly FrontPoint[], shape: LineShape) {
  return {
    shape,
    points: stretch.map(({ x, y, interval }) => ({ x, low: interval?.low ?? y, high: interval?.high ?? y })),
  };
}

function chartPoint(point: FrontPoint, hasIntervals: boolean, label: string | undefined): ChartPoint {
  const { row, x, y, interval } = point;
  const state = stateOf(point);
  return {
    ...{ row, x, y },
    ...(state === undefined ? {} : { state }),
    ...(label === undefined || label === '' ? {} : { label }),
    ...(interval === undefined || !hasIntervals ? {} : { low: interval.low, high: interval.high }),
  };
}

function stateOf({ outcome, isKept }: FrontPoint): ChartPoint['state'] {
  if (outcome === 'invalid' || outcome === 'unknown') return 'hollow';
  if (outcome !== 'valid') return 'failed';
  return isKept ? undefined : 'muted';
}

/** Limits are drawn where the x axis shows what they limit. */
function rulesOf({ xAxis, statistic, maxTtft, maxTpot }: Settings): readonly ChartRule[] {
  const rule = (value: number | undefined, label: string): readonly ChartRule[] =>
    value === undefined ? [] : [{ axis: 'x', value, label }];
  if (xAxis === 'ttft') return rule(maxTtft, `TTFT, ${statistic} ≤ ${numberText(maxTtft ?? 0)} ms`);
  if (xAxis === 'tpot') return rule(maxTpot, `TPOT, ${statistic} ≤ ${numberText(maxTpot ?? 0)} ms`);
  if (xAxis !== 'intvty' || maxTpot === undefined) return [];
  return rule(1000 / maxTpot, `TPOT, ${statistic} ≤ ${numberText(maxTpot)} ms`);
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
