import type { MetricPlugin } from '../../plugin/metric.js';
import { latencyEstimators } from '../intervals/estimators.js';
import { withIntervals } from '../intervals/with-intervals.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, gapsMs } from '../request.js';

const latency: Latency = {
  key: 'itl',
  label: 'ITL',
  definition:
    'Gap between neighbouring chunks with non-empty choices, pooled over completed requests; a chunk may hold several tokens. Source: InferenceX, benchmark_serving.py.',
};

export const itl: MetricPlugin = {
  kind: 'metric',
  name: 'itl',
  apiVersion: 2,
  outputs: latencyOutputs(latency),
  compute: (run) =>
    withIntervals(run, latencyValues(latency, gapsMs(completedOf(run))), (blocks) =>
      latencyEstimators(latency.key, blocks, gapsMs),
    ),
};
