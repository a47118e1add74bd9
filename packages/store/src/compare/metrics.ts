import { SweeplineError } from '@sweepline/core';
import { METRICS, type ComparedMetric } from './compared-metrics.js';

/** @param columns of `results` */
export function usualMetrics(columns: ReadonlySet<string>): readonly ComparedMetric[] {
  return METRICS.filter(({ key }) => columns.has(key));
}

/** Of a metric that has none of its own. */
const USUAL_EFFECT = 0.1;
/** Names of times and of energy, of which less is better; other metrics are rates. */
const LESS_IS_BETTER = /ttft|tpot|itl|e2el|latency|joules|energy|power/;
/** Names of statistics that one stall moves. */
const MOVED_BY_STALLS = /^(?!median)/;

/**
 * Reads `KEY` or `KEY=20%`, the change that matters.
 * @param columns of `results`
 * @throws {SweeplineError} USAGE
 */
export function metricOf(text: string, columns: ReadonlySet<string>): ComparedMetric {
  const [, key = '', percent] = /^([^=]+)(?:=([\d.]+)\s*%?)?$/.exec(text.trim()) ?? [];
  const effect = percent === undefined ? undefined : Number(percent) / 100;
  if (!columns.has(key) || (effect !== undefined && !(effect > 0 && effect < 1)))
    throw new SweeplineError('USAGE', `${text} is not a metric`, {
      hint: 'Write a column of results and the change that matters: median_ttft=20%. sweepline query "DESCRIBE results" lists columns.',
    });
  const known: Omit<ComparedMetric, 'decides'> = METRICS.find((metric) => metric.key === key) ?? {
    ...{ key, label: key, effect: USUAL_EFFECT, movedByStalls: MOVED_BY_STALLS.test(key) },
    better: LESS_IS_BETTER.test(key) ? 'lower' : 'higher',
  };
  return { ...known, ...(effect === undefined ? {} : { effect }), decides: true };
}
