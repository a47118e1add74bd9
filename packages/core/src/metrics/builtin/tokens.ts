import type { MetricOutput, MetricPlugin } from '../../plugin/metric.js';
import { known } from '../known.js';
import { completedOf, inputTokens, totalOf } from '../request.js';

const SOURCE = 'Source: InferenceX, benchmark_serving.py.';

export const tokens: MetricPlugin = {
  kind: 'metric',
  name: 'tokens',
  apiVersion: 2,
  outputs: [
    count('completed', 'Completed requests', `Requests that completed. ${SOURCE}`),
    count(
      'total_input_tokens',
      'Input tokens',
      `Prompt tokens of completed requests: the client's count without special tokens, or the server's if the client has none. ${SOURCE}`,
    ),
    count(
      'total_output_tokens',
      'Output tokens',
      `Output tokens of completed requests as in the server's usage; missing if one of them had no usage. ${SOURCE}`,
    ),
  ],
  compute: (run) =>
    known({
      completed: completedOf(run).length,
      total_input_tokens: totalOf(run, inputTokens),
      total_output_tokens: totalOf(run, (request) => request.outputTokens),
    }),
};

function count(key: string, label: string, definition: string): MetricOutput {
  return { key, label, unit: '', better: 'neither', definition, level: 'raw' };
}
