import type { RequestRecord } from '../../load/records/record.js';
import type { MetricPlugin } from '../../plugin/metric.js';
import { latencyEstimators } from '../intervals/estimators.js';
import { withIntervals } from '../intervals/with-intervals.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, numbersOf, ttftMs } from '../request.js';

const latency: Latency = {
  key: 'ttft',
  label: 'TTFT',
  definition:
    'Time from sending a request to its first chunk with non-empty choices, over completed requests. Source: InferenceX, benchmark_serving.py.',
};

const samplesOf = (requests: readonly RequestRecord[]): readonly number[] => numbersOf(requests, ttftMs);

export const ttft: MetricPlugin = {
  kind: 'metric',
  name: 'ttft',
  apiVersion: 2,
  outputs: latencyOutputs(latency),
  compute: (run) =>
    withIntervals(run, latencyValues(latency, samplesOf(completedOf(run))), (blocks) =>
      latencyEstimators(latency.key, blocks, samplesOf),
    ),
};
