import type { MetricPlugin } from '../../plugin/metric.js';
import { concurrencyOf, meanConcurrency, peakConcurrency } from '../concurrency.js';
import { known } from '../known.js';

export const concurrency: MetricPlugin = {
  kind: 'metric',
  name: 'concurrency',
  apiVersion: 2,
  outputs: [
    {
      key: 'mean_concurrency',
      label: 'Mean requests in flight',
      unit: '',
      better: 'neither',
      definition:
        'Requests between sent and the end of their response, whatever the outcome, averaged over the time from first dispatch to last completion. Source: Sweepline.',
      level: 'raw',
    },
    {
      key: 'peak_concurrency',
      label: 'Peak requests in flight',
      unit: '',
      better: 'neither',
      definition:
        'Most requests between sent and the end of their response at once; a request that ends at the moment another is sent does not overlap with it. Source: Sweepline.',
      level: 'raw',
    },
  ],
  compute(run) {
    const steps = concurrencyOf(run.requests);
    if (steps.length === 0) return {};
    return known({
      mean_concurrency: meanConcurrency(steps, run.window),
      peak_concurrency: peakConcurrency(steps),
    });
  },
};
