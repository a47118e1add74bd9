import { expect, it } from 'vitest';
import { SweeplineError } from '../../src/errors.js';
import { computeMetrics } from '../../src/metrics/compute.js';
import type { Estimate, MetricPlugin } from '../../src/plugin/metric.js';
import { request, runOf } from './run.js';

function plugin(name: string, keys: readonly string[], compute: MetricPlugin['compute']): MetricPlugin {
  const outputs = keys.map((key) => ({
    key,
    label: key,
    unit: '',
    better: 'neither' as const,
    definition: '',
  }));
  return { kind: 'metric', name, apiVersion: 2, outputs, compute };
}

function estimate(other: Partial<Estimate>): Estimate {
  return { value: 1, low: 0, high: 2, covers: '95 %: this run', ...other };
}

function errorOf(...plugins: MetricPlugin[]): unknown {
  try {
    return computeMetrics(runOf([request()]), plugins);
  } catch (error) {
    return error;
  }
}

it('merges what plugins give and may leave declared keys out', () => {
  const { values, outputs } = computeMetrics(runOf([request()]), [
    plugin('a', ['x', 'y'], () => ({ x: 1 })),
    plugin('b', ['z'], () => ({ z: 0 })),
  ]);
  expect(values).toEqual({ x: 1, z: 0 });
  expect(outputs.map(({ key }) => key)).toEqual(['x', 'y', 'z']);
});

it('takes a number alone, or one with the ends of its interval and what they cover', () => {
  const interval = { low: 0.5, high: 2, covers: '95 %: this run' };
  const { values, intervals } = computeMetrics(runOf([request()]), [
    plugin('a', ['x', 'y'], () => ({ x: 1, y: { value: 1.5, ...interval } })),
  ]);
  expect(values).toEqual({ x: 1, y: 1.5 });
  expect(intervals).toEqual({ y: interval });
});

it.each([
  ['an undeclared key', plugin('bad', ['x'], () => ({ other: 1 })), 'PLUGIN_INVALID'],
  ['NaN', plugin('bad', ['x'], () => ({ x: NaN })), 'PLUGIN_INVALID'],
  ['an infinite number', plugin('bad', ['x'], () => ({ x: Infinity })), 'PLUGIN_INVALID'],
  ['nothing', plugin('bad', ['x'], () => undefined as unknown as Record<string, number>), 'PLUGIN_INVALID'],
  [
    'a promise',
    plugin('bad', ['x'], () => Promise.resolve({ x: 1 }) as unknown as Record<string, number>),
    'PLUGIN_INVALID',
  ],
  ['text', plugin('bad', ['x'], () => ({ x: '1' as unknown as number })), 'PLUGIN_INVALID'],
  ['an end that is not there', plugin('bad', ['x'], () => ({ x: estimate({ low: NaN }) })), 'PLUGIN_INVALID'],
  ['ends the wrong way round', plugin('bad', ['x'], () => ({ x: estimate({ low: 3 }) })), 'PLUGIN_INVALID'],
  [
    'an interval of whatever',
    plugin('bad', ['x'], () => ({ x: estimate({ covers: ' ' }) })),
    'PLUGIN_INVALID',
  ],
  [
    'a throw',
    plugin('bad', ['x'], () => {
      throw new RangeError('boom');
    }),
    'PLUGIN_THREW',
  ],
])('refuses %s and names the plugin', (_, bad, code) => {
  const error = errorOf(bad);
  expect(error).toBeInstanceOf(SweeplineError);
  expect(error).toMatchObject({
    code,
    where: { plugin: 'bad' },
    message: expect.stringMatching(/^metric bad: /) as unknown,
    hint: expect.stringMatching(/records\.jsonl|is unknown/) as unknown,
  });
});
