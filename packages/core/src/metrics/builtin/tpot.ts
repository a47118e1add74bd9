import type { RequestRecord } from '../../load/records/record.js';
import type { MetricPlugin } from '../../plugin/metric.js';
import { latencyEstimators } from '../intervals/estimators.js';
import { withIntervals } from '../intervals/with-intervals.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, numbersOf, tpotMs } from '../request.js';

const latency: Latency = {
  key: 'tpot',
  label: 'TPOT',
  definition:
    "(E2EL − TTFT) / (output tokens − 1) of each completed request with more than one output token; output tokens come from the server's usage. Source: InferenceX, benchmark_serving.py.",
};

const samplesOf = (requests: readonly RequestRecord[]): readonly number[] => numbersOf(requests, tpotMs);

export const tpot: MetricPlugin = {
  kind: 'metric',
  name: 'tpot',
  apiVersion: 2,
  outputs: latencyOutputs(latency),
  compute: (run) =>
    withIntervals(run, latencyValues(latency, samplesOf(completedOf(run))), (blocks) =>
      latencyEstimators(latency.key, blocks, samplesOf),
    ),
};
