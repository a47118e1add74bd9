import { SweeplineError } from '@sweepline/core';

/** A number that two sides are compared by. */
export interface ComparedMetric {
  /** Column of `results`. */
  readonly key: string;
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** The relative change that matters. */
  readonly effect: number;
  /** Whether a stall of the server moves it beyond use; medians over requests stay as they are. */
  readonly movedByStalls: boolean;
  /** Whether the verdict on a run rests on it; others are shown. */
  readonly decides: boolean;
}

/**
 * What is compared unless other metrics are asked for: rows have the first two or, of an endpoint, the third. Effects are what one run
 * against one can see on real hardware: there repeats of throughput differ by a percent or two, those of the time to first token by ten
 * times as much, so that it decides nothing unless it is asked for.
 */
export const METRICS: readonly ComparedMetric[] = [
  {
    ...{ key: 'tput_per_gpu', label: 'throughput per GPU', better: 'higher', effect: 0.05 },
    ...{ movedByStalls: true, decides: true },
  },
  {
    ...{ key: 'median_intvty', label: 'median interactivity', better: 'higher', effect: 0.05 },
    ...{ movedByStalls: false, decides: true },
  },
  {
    ...{ key: 'total_token_throughput', label: 'total throughput', better: 'higher', effect: 0.05 },
    ...{ movedByStalls: true, decides: true },
  },
  {
    ...{ key: 'median_ttft', label: 'median TTFT', better: 'lower', effect: 0.3 },
    ...{ movedByStalls: false, decides: false },
  },
];

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
