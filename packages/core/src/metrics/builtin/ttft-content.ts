import type { MetricPlugin } from '../../plugin/metric.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, numbersOf, contentMs } from '../request.js';

const latency: Latency = {
  key: 'ttft_content',
  label: 'TTFT (content)',
  definition:
    'Time from sending a request to its first chunk with text, over completed requests; TTFT as AIPerf and guidellm define it. Source: Sweepline.',
};

export const ttftContent: MetricPlugin = {
  kind: 'metric',
  name: 'ttft-content',
  apiVersion: 2,
  outputs: latencyOutputs(latency),
  compute: (run) => latencyValues(latency, numbersOf(completedOf(run), contentMs)),
};
