import type { RequestRecord, RunRecord } from '../load/records/record.js';
import { completedOf, e2elMs, gapsMs, numbersOf, tpotMs, ttftMs } from '../metrics/request.js';
import { percentile } from '../metrics/statistics.js';
import type { LatencyName, ResultOptions } from './options.js';

/** A requested percentile of a latency. */
export interface Percentile {
  /** Named like in benchmark_serving.py: `p25_ttft_ms`. */
  readonly key: string;
  readonly label: string;
  readonly valueMs: number;
}

const SAMPLES: Readonly<Record<LatencyName, (requests: readonly RequestRecord[]) => ArrayLike<number>>> = {
  ttft: (requests) => numbersOf(requests, ttftMs),
  tpot: (requests) => numbersOf(requests, tpotMs),
  itl: gapsMs,
  e2el: (requests) => numbersOf(requests, e2elMs),
};

export function percentilesOf(
  run: RunRecord,
  { percentileMetrics, metricPercentiles }: Pick<ResultOptions, 'percentileMetrics' | 'metricPercentiles'>,
): Percentile[] {
  const requests = completedOf(run);
  return percentileMetrics.flatMap((name) => {
    const samples = SAMPLES[name](requests);
    return metricPercentiles.flatMap((p) => {
      const valueMs = percentile(samples, p);
      return valueMs === undefined
        ? []
        : [{ key: `p${p}_${name}_ms`, label: `p${p} ${name.toUpperCase()}`, valueMs }];
    });
  });
}
