import { positive, type PointNumbers, type Quantity } from './quantity.js';

/** Statistics that rows may have, the most used first. */
export const STATISTICS = ['median', 'mean', 'p75', 'p90', 'p95', 'p99', 'p99.9'] as const;
export type Statistic = (typeof STATISTICS)[number];

interface Latency {
  readonly name: 'ttft' | 'tpot' | 'itl' | 'e2el';
  readonly label: string;
  readonly unit: 'ms' | 's';
  readonly definition: string;
}

const LATENCIES: readonly Latency[] = [
  {
    ...{ name: 'ttft', label: 'TTFT', unit: 'ms' },
    definition: "Request sent to its first chunk with 'choices' (InferenceX, benchmark_serving.py).",
  },
  {
    ...{ name: 'tpot', label: 'TPOT', unit: 'ms' },
    definition: '(E2EL − TTFT) / (output tokens − 1) of each request (InferenceX, benchmark_serving.py).',
  },
  {
    ...{ name: 'itl', label: 'ITL', unit: 'ms' },
    definition:
      'Gaps between chunks, pooled over requests; a chunk may hold several tokens (InferenceX, benchmark_serving.py).',
  },
  {
    ...{ name: 'e2el', label: 'E2E latency', unit: 's' },
    definition: "Request sent to its last chunk with 'choices' (InferenceX, benchmark_serving.py).",
  },
];

/** In seconds: InferenceX's rows have them (`median_ttft`); Sweepline's own metrics have milliseconds (`median_ttft_ms`). */
function secondsOf(key: string, { metric }: PointNumbers): number | undefined {
  const seconds = metric(key);
  if (seconds !== undefined) return seconds;
  const ms = metric(`${key}_ms`);
  return ms === undefined ? undefined : ms / 1000;
}

function latency(statistic: Statistic, { name, label, unit, definition }: Latency): Quantity {
  const key = `${statistic}_${name}`;
  return {
    ...{ key, label: `${label}, ${statistic}`, unit, better: 'lower', group: 'latency', definition },
    metrics: [key, `${key}_ms`],
    of: (point) => {
      const seconds = secondsOf(key, point);
      return seconds === undefined || unit === 's' ? seconds : seconds * 1000;
    },
  };
}

const NOT_OF_RATES: Partial<Readonly<Record<Statistic, string>>> = {
  mean: ' Of the mean TPOT: no mean of rates.',
};

function interactivity(statistic: Statistic): Quantity {
  const key = `${statistic}_intvty`;
  const tpot = `${statistic}_tpot`;
  return {
    ...{ key, label: `Interactivity, ${statistic}`, unit: 'tok/s/user', better: 'higher', group: 'latency' },
    definition: `1000 / TPOT in ms at that statistic, so that p99 is the slow end (InferenceX, process_result.py).${NOT_OF_RATES[statistic] ?? ''}`,
    metrics: [key, tpot, `${tpot}_ms`],
    of: (point) => {
      const rate = point.metric(key);
      if (rate !== undefined) return rate;
      const seconds = positive(secondsOf(tpot, point));
      return seconds === undefined ? undefined : 1 / seconds;
    },
  };
}

const END_TO_END: Quantity = {
  ...{ key: 'p90_e2e_norm_intvty', label: 'End-to-end interactivity, p90', unit: 'tok/s/user' },
  ...{ better: 'higher', group: 'latency', metrics: ['p90_e2e_norm_intvty'] },
  definition: '1 / P90(E2EL / output tokens): the percentile before the inversion (InferenceX, AgentX).',
  of: ({ metric }) => metric('p90_e2e_norm_intvty'),
};

const OUTPUT_RATE: Quantity = {
  ...{ key: 'p10_request_output_rate', label: 'Output rate of a request, p10', unit: 'tok/s/user' },
  ...{ better: 'higher', group: 'latency', metrics: ['p10_request_output_rate'] },
  definition: 'Output tokens / E2EL of each request; p10 is the slow end (AIPerf, guidellm).',
  of: ({ metric }) => metric('p10_request_output_rate'),
};

export const LATENCY: readonly Quantity[] = [
  ...STATISTICS.map(interactivity),
  ...[END_TO_END, OUTPUT_RATE],
  ...LATENCIES.flatMap((one) => STATISTICS.map((statistic) => latency(statistic, one))),
];
