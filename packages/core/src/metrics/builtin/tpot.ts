import type { MetricPlugin } from '../../plugin/metric.js';
import { withIntervals } from '../intervals/with-intervals.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, numbersOf, tpotMs } from '../request.js';

const latency: Latency = {
  key: 'tpot',
  label: 'TPOT',
  definition:
    "(E2EL − TTFT) / (output tokens − 1) of each completed request with more than one output token; output tokens come from the server's usage. Source: InferenceX, benchmark_serving.py.",
};

export const tpot: MetricPlugin = {
  kind: 'metric',
  name: 'tpot',
  apiVersion: 2,
  outputs: latencyOutputs(latency),
  compute: (run) => withIntervals(run, latencyValues(latency, numbersOf(completedOf(run), tpotMs))),
};
