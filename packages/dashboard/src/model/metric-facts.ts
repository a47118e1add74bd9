import type { SiteMetric } from '../site/site-data.js';

export type MetricFacts = Omit<SiteMetric, 'file'>;

const STATISTICS: Readonly<Record<string, string>> = {
  ...{ mean: 'Mean', median: 'Median', std: 'Standard deviation of' },
  ...{ p75: 'P75', p90: 'P90', p95: 'P95', p99: 'P99', 'p99.9': 'P99.9' },
};

interface Base {
  readonly label: string;
  readonly unit: string;
  readonly better: SiteMetric['better'];
  readonly definition: string;
}

/** Of InferenceX's rows: utils/process_result.py turns its client's milliseconds into seconds. */
const LATENCIES: Readonly<Record<string, Base>> = {
  ttft: {
    ...{ label: 'TTFT', unit: 's', better: 'lower' },
    definition: 'Time to first token: request sent to the first chunk.',
  },
  tpot: {
    ...{ label: 'TPOT', unit: 's', better: 'lower' },
    definition: 'Time per output token: (E2EL − TTFT) / (output tokens − 1) of a request.',
  },
  itl: {
    ...{ label: 'ITL', unit: 's', better: 'lower' },
    definition: 'Inter-token latency: time between neighbouring chunks.',
  },
  e2el: {
    ...{ label: 'E2EL', unit: 's', better: 'lower' },
    definition: 'End-to-end latency: request sent to the last chunk.',
  },
  intvty: {
    ...{ label: 'interactivity', unit: 'tok/s/user', better: 'higher' },
    definition: '1 / TPOT of the same statistic: the P99 is that of TPOT, so that it is a slow user’s.',
  },
};

const DEFINED_BY = 'InferenceX (utils/process_result.py, utils/bench_serving/benchmark_serving.py).';
const ENERGY_BY = 'InferenceX (utils/aggregate_power.py).';

const energy = (label: string, unit: string, definition: string): Base => ({
  ...{ label, unit, better: 'lower', definition: `${definition} ${ENERGY_BY}` },
});
const count = (label: string, definition: string): Base => ({
  ...{ label, unit: 'requests', better: 'neither', definition },
});

const KNOWN: Readonly<Record<string, Base>> = {
  tput_per_gpu: {
    ...{ label: 'Total throughput per GPU', unit: 'tok/s/GPU', better: 'higher' },
    definition: `Input and output tokens / duration / GPUs. ${DEFINED_BY}`,
  },
  output_tput_per_gpu: {
    ...{ label: 'Output throughput per GPU', unit: 'tok/s/GPU', better: 'higher' },
    definition: `Output tokens / duration / GPUs; of disaggregated servers the GPUs of decode alone. ${DEFINED_BY}`,
  },
  input_tput_per_gpu: {
    ...{ label: 'Input throughput per GPU', unit: 'tok/s/GPU', better: 'higher' },
    definition: `Input tokens / duration / GPUs; of disaggregated servers the GPUs of prefill alone. ${DEFINED_BY}`,
  },
  avg_power_w: energy('Mean power per GPU', 'W', 'Energy of all devices / duration / devices, measured.'),
  prefill_avg_power_w: energy(
    'Mean power per prefill GPU',
    'W',
    'Mean power of a device of prefill, measured.',
  ),
  decode_avg_power_w: energy('Mean power per decode GPU', 'W', 'Mean power of a device of decode, measured.'),
  joules_per_total_token: energy(
    'Energy per token',
    'J/tok',
    'Energy of all devices / all tokens, measured.',
  ),
  joules_per_output_token: energy(
    'Energy per output token',
    'J/tok',
    'Energy of all devices / output tokens, measured.',
  ),
  joules_per_input_token: energy(
    'Energy per input token',
    'J/tok',
    'Energy of all devices / input tokens, measured.',
  ),
  avg_util_pct: {
    ...{ label: 'Mean utilization', unit: '%', better: 'neither' },
    definition: `Mean of what the driver reports as utilization. ${ENERGY_BY}`,
  },
  avg_mem_used_mb: {
    ...{ label: 'Mean memory in use', unit: 'MB', better: 'neither' },
    definition: `Mean of what the driver reports as memory in use. ${ENERGY_BY}`,
  },
  offered: count('Requests due', 'Requests that were due.'),
  sent: count('Requests sent', 'Requests that were sent.'),
  requests_completed: count('Requests completed', 'Requests that were answered in full.'),
  requests_failed: count('Requests failed', 'Requests that failed.'),
  peak_in_flight: count('Peak in flight', 'Most requests that were in flight at once.'),
};

/** What is known of a column of `results` that no run describes; one that isn't known has its key as label, and no unit. */
export function metricFacts(key: string): MetricFacts {
  const known = Object.hasOwn(KNOWN, key) ? KNOWN[key] : undefined;
  return { key, ...(known ?? statisticOf(key) ?? { ...UNKNOWN, label: key }) };
}

const UNKNOWN = {
  unit: '',
  better: 'neither',
  definition: 'As the program that measured it defines it.',
} as const;

function statisticOf(key: string): Base | undefined {
  const [, statistic = '', name = ''] = /^(mean|median|std|p[\d.]+)_([a-z0-9]+)$/.exec(key) ?? [];
  if (!Object.hasOwn(STATISTICS, statistic) || !Object.hasOwn(LATENCIES, name)) return undefined;
  const base = LATENCIES[name]!;
  return {
    label: `${STATISTICS[statistic] ?? statistic} ${base.label}`,
    unit: base.unit,
    better: statistic === 'std' ? 'neither' : base.better,
    definition: `${base.definition} Over the completed requests. ${DEFINED_BY}`,
  };
}
