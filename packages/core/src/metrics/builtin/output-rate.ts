import type { RequestRecord } from '../../load/records/record.js';
import type { MetricOutput, MetricPlugin } from '../../plugin/metric.js';
import { known } from '../known.js';
import { completedOf, e2elMs, numbersOf } from '../request.js';
import { mean, percentile } from '../statistics.js';

/** The slow tail of a rate is its low end. */
const STATISTICS = {
  mean,
  median: (rates) => percentile(rates, 50),
  p10: (rates) => percentile(rates, 10),
  p1: (rates) => percentile(rates, 1),
} satisfies Record<string, (rates: ArrayLike<number>) => number | undefined>;

export const outputRate: MetricPlugin = {
  kind: 'metric',
  name: 'output-rate',
  apiVersion: 2,
  outputs: Object.keys(STATISTICS).map((statistic): MetricOutput => ({
    key: keyOf(statistic),
    label: `${statistic} output rate per request`,
    unit: 'tok/s',
    better: 'higher',
    definition:
      'Output tokens of a completed request divided by its E2EL: the rate that its user sees for the whole answer, including time to first token; p1 and p10 are the slow end. Source: AIPerf (e2e_output_token_throughput) and guidellm (output_tokens_per_second of a request), for which a request ends with its last text or its stream; the inverse is normalized latency, as in Orca and vLLM.',
    level: 'raw',
  })),
  compute(run) {
    const rates = numbersOf(completedOf(run), rateOf);
    return known(
      Object.fromEntries(Object.entries(STATISTICS).map(([name, of]) => [keyOf(name), of(rates)])),
    );
  },
};

function keyOf(statistic: string): string {
  return `${statistic}_request_output_rate`;
}

function rateOf(request: RequestRecord): number | undefined {
  const e2el = e2elMs(request);
  if (request.outputTokens === undefined || e2el === undefined || !(e2el > 0)) return undefined;
  return (request.outputTokens / e2el) * 1000;
}
