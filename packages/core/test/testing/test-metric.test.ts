import { describe, expect, it } from 'vitest';
import type { MetricPlugin } from '../../src/index.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { metricChecks } from '../../src/testing/metric-checks.js';
import { sampleRuns } from '../../src/testing/sample-runs.js';
import { testMetric } from '../../src/testing/index.js';

/** These need what samples don't have (times that were asked for, the server's own metrics, a steady part). */
const ONLY_SOMETIMES = ['goodput', 'server-metrics', 'steady-state'];

for (const metric of builtinMetrics.filter(({ name }) => !ONLY_SOMETIMES.includes(name))) {
  testMetric(metric, { describe, it });
}

const sound: MetricPlugin = {
  kind: 'metric',
  name: 'sound',
  apiVersion: 2,
  outputs: [{ key: 'requests', label: 'Requests', unit: '', better: 'neither', definition: 'How many.' }],
  compute: ({ requests }) => ({ requests: requests.length }),
};

function complaints(plugin: MetricPlugin): readonly string[] {
  const subject = { plugin, runs: sampleRuns() };
  return metricChecks(subject).flatMap((check) => {
    try {
      void check.run(subject);
      return [];
    } catch {
      return [check.title];
    }
  });
}

let calls = 0;

it.each<[string, Partial<MetricPlugin>, RegExp | undefined]>([
  ['is sound', {}, undefined],
  ['counts its calls', { compute: () => ({ requests: calls++ }) }, /is pure/],
  ['reads the clock', { compute: () => ({ requests: Date.now() }) }, /is pure/],
  ['divides by none', { compute: ({ requests }) => ({ requests: 1 / requests.length }) }, /without requests/],
  ['gives what it has not declared', { compute: () => ({ other: 1 }) }, /several requests/],
  [
    'needs usage',
    { compute: ({ requests }) => ({ requests: requests.reduce((n, one) => n + one.outputTokens!, 0) }) },
    /without usage/,
  ],
  [
    'sorts the records',
    { compute: (run) => ({ requests: (run.requests as unknown[]).reverse().length }) },
    /changes none/,
  ],
  [
    'sorts arrivals',
    {
      compute: ({ requests }) => ({
        requests: requests.map(({ chunkMs }) => (chunkMs as Float64Array).fill(0)).length,
      }),
    },
    /changes none/,
  ],
  [
    'gives ms that no key names',
    { outputs: [{ ...sound.outputs[0]!, unit: 'ms' }] },
    /describes each number/,
  ],
  ['says nothing', { compute: () => ({}) }, /returns a number/],
])('a metric that %s', (_, members, complaint) => {
  const found = complaints({ ...sound, ...members });
  if (complaint === undefined) expect(found).toEqual([]);
  else
    expect(
      found.some((title) => complaint.test(title)),
      found.join('; '),
    ).toBe(true);
});
