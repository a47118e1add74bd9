import type { RequestRecord } from '../../load/record.js';
import type { MetricPlugin } from '../../plugin/metric.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf } from '../request.js';

const latency: Latency = {
  key: 'itl',
  label: 'ITL',
  definition:
    'Gap between neighbouring chunks whose choices is not empty, pooled over completed requests; a chunk may hold several tokens. Source: InferenceX, benchmark_serving.py.',
};

export const itl: MetricPlugin = {
  kind: 'metric',
  name: 'itl',
  apiVersion: 1,
  outputs: latencyOutputs(latency),
  compute: (run) => latencyValues(latency, gapsOf(completedOf(run))),
};

function gapsOf(requests: readonly RequestRecord[]): number[] {
  const gaps: number[] = [];
  for (const { chunkMs } of requests) {
    let previous: number | undefined;
    for (const at of Float64Array.from(chunkMs)) {
      if (previous !== undefined) gaps.push(at - previous);
      previous = at;
    }
  }
  return gaps;
}
