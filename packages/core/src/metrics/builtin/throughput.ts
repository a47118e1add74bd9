import type { RunRecord } from '../../load/records/record.js';
import type { MetricOutput, MetricPlugin } from '../../plugin/metric.js';
import { throughputs } from '../intervals/rates.js';
import { withIntervals } from '../intervals/with-intervals.js';
import { known } from '../known.js';
import { completedOf, inputTokens, totalOf } from '../request.js';

const OVER =
  'divided by the time from first dispatch to last completion. Source: InferenceX, benchmark_serving.py.';

export const throughput: MetricPlugin = {
  kind: 'metric',
  name: 'throughput',
  apiVersion: 2,
  outputs: [
    {
      key: 'duration',
      label: 'Duration',
      unit: 's',
      better: 'neither',
      definition: 'Time from first dispatch to last completion. Source: InferenceX, benchmark_serving.py.',
      level: 'raw',
    },
    rate('request_throughput', 'Request throughput', 'req/s', `Completed requests ${OVER}`),
    rate('output_throughput', 'Output throughput', 'tok/s', `Output tokens of completed requests ${OVER}`),
    rate(
      'total_token_throughput',
      'Total throughput',
      'tok/s',
      `Input and output tokens of completed requests ${OVER}`,
    ),
  ],
  compute(run) {
    const durationS = (run.window.endMs - run.window.startMs) / 1000;
    if (!(durationS > 0) || completedOf(run).length === 0) return {};
    const output = totalOf(run, (request) => request.outputTokens);
    const total = totalTokens(run, output);
    const values = known({
      duration: durationS,
      request_throughput: completedOf(run).length / durationS,
      output_throughput: output === undefined ? undefined : output / durationS,
      total_token_throughput: total === undefined ? undefined : total / durationS,
    });
    return withIntervals(run, values, throughputs);
  },
};

function totalTokens(run: RunRecord, output: number | undefined): number | undefined {
  const input = totalOf(run, inputTokens);
  return input === undefined || output === undefined ? undefined : input + output;
}

function rate(key: string, label: string, unit: string, definition: string): MetricOutput {
  return { key, label, unit, better: 'higher', definition, level: 'raw' };
}
