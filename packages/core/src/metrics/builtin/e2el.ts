import type { RequestRecord } from '../../load/records/record.js';
import type { MetricPlugin } from '../../plugin/metric.js';
import { latencyEstimators } from '../intervals/estimators.js';
import { withIntervals } from '../intervals/with-intervals.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, numbersOf, e2elMs } from '../request.js';

const latency: Latency = {
  key: 'e2el',
  label: 'E2EL',
  definition:
    'Time from sending a request to its last chunk with non-empty choices (not the usage chunk), over completed requests. Source: InferenceX, benchmark_serving.py.',
};

const samplesOf = (requests: readonly RequestRecord[]): readonly number[] => numbersOf(requests, e2elMs);

export const e2el: MetricPlugin = {
  kind: 'metric',
  name: 'e2el',
  apiVersion: 2,
  outputs: latencyOutputs(latency),
  compute: (run) =>
    withIntervals(run, latencyValues(latency, samplesOf(completedOf(run))), (blocks) =>
      latencyEstimators(latency.key, blocks, samplesOf),
    ),
};
