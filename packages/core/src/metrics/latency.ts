import type { MetricOutput } from '../plugin/metric.js';
import { known } from './known.js';
import { STATISTICS, summarize, type Statistic } from './statistics.js';

/** A latency in the raw result: `mean_<key>_ms`, `p99_<key>_ms` and so on. */
export interface Latency {
  readonly key: string;
  readonly label: string;
  /** What one sample is, and the source of that definition. */
  readonly definition: string;
  /** Which statistics are given; all by default. */
  readonly statistics?: readonly Statistic[];
  /** `raw` keeps it out of rows, which have InferenceX's columns. */
  readonly level?: MetricOutput['level'];
}

export function latencyOutputs(latency: Latency): readonly MetricOutput[] {
  return statisticsOf(latency).map((statistic) => ({
    key: `${statistic}_${latency.key}_ms`,
    label: `${statistic} ${latency.label}`,
    unit: 'ms',
    better: statistic === 'std' ? 'neither' : 'lower',
    definition: latency.definition,
    ...(latency.level === undefined ? {} : { level: latency.level }),
  }));
}

/** Its statistics over samples in ms; empty if there are no samples. */
export function latencyValues(latency: Latency, samplesMs: ArrayLike<number>): Record<string, number> {
  const statistics = summarize(samplesMs);
  return known(
    Object.fromEntries(statisticsOf(latency).map((name) => [`${name}_${latency.key}_ms`, statistics[name]])),
  );
}

function statisticsOf({ statistics = STATISTICS }: Latency): readonly Statistic[] {
  return statistics;
}
