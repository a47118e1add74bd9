import { completedOf, type MetricPlugin, type Plugin } from '@sweepline/core';

export const metric: MetricPlugin = {
  kind: 'metric',
  name: 'my-plugin',
  apiVersion: 2,
  // Tables, plots and exports take their columns from here.
  outputs: [
    {
      key: 'my_plugin_tokens',
      label: 'Longest output',
      unit: 'tokens',
      better: 'neither',
      definition: 'The most output tokens of a completed request, as the server counted them.',
    },
  ],
  compute(run) {
    const tokens = completedOf(run).flatMap(({ outputTokens }) => outputTokens ?? []);
    // Values that can't be computed are left out, never 0.
    if (tokens.length === 0) return {};
    return { my_plugin_tokens: tokens.reduce((most, count) => Math.max(most, count)) };
  },
};

export default [metric] satisfies readonly Plugin[];
