import type { TelemetrySample } from '@sweepline/core';
import { expect, test } from 'vitest';
import { telemetry } from '../dist/telemetry.js';
import { fixture, never, node, printed } from './node.js';

const atOnce = () => Promise.resolve();

test('reads all GPUs again and again until the signal aborts', async () => {
  const metrics = node({ 'amd-smi metric': printed(await fixture('metric.json')) });
  const end = new AbortController();
  const samples: TelemetrySample[] = [];
  for await (const sample of telemetry(metrics, end.signal, atOnce)) {
    samples.push(sample);
    if (samples.length === 16) end.abort();
  }
  expect(samples.map(({ device }) => device)).toEqual([...Array(16).keys()].map((count) => count % 8));
  expect(samples[7]).toEqual({
    unixMs: samples[0]?.unixMs,
    device: 7,
    powerW: 642,
    utilization: 0.97,
    memoryUsedGiB: 0.28,
    temperatureC: 71,
  });
});

test('leaves out what a GPU has no value for, and keeps zeros', async () => {
  const metrics = node({ 'amd-smi metric': printed(await fixture('metric-gaps.json')) });
  const samples = telemetry(metrics, never, atOnce);
  const first = (await samples.next()).value as TelemetrySample;
  const second = (await samples.next()).value as TelemetrySample;
  await samples.return(undefined);
  expect(first).toEqual({ unixMs: first.unixMs, device: 0, memoryUsedGiB: 0, temperatureC: 41 });
  expect(second).toEqual({ unixMs: first.unixMs, device: 1 });
});

/** Of an MI210, https://github.com/ROCm/amdsmi/issues/38: it drew 42.7 W. */
const COUNTED = [20_909_145.914, 20_909_188.578] as const;

test.each<[how: string, of: (value: number) => unknown, expected: readonly (number | undefined)[]]>([
  ['in J', (value) => ({ value, unit: 'J' }), COUNTED],
  ['as a number alone', (value) => value, COUNTED],
  ['in another unit', (value) => ({ value, unit: 'kJ' }), [undefined, undefined]],
  ['as N/A', () => 'N/A', [undefined, undefined]],
])("has the driver's count of energy %s", async (_, of, expected) => {
  const left = [...COUNTED];
  const metrics = node({
    'amd-smi metric': () => {
      const energy = { total_energy_consumption: of(left.shift() ?? 0) };
      return printed(JSON.stringify([{ gpu: 0, power: { socket_power: { value: 43, unit: 'W' } }, energy }]));
    },
  });
  const samples = telemetry(metrics, never, atOnce);
  const first = (await samples.next()).value as TelemetrySample;
  const second = (await samples.next()).value as TelemetrySample;
  await samples.return(undefined);
  expect([first.energyJ, second.energyJ]).toEqual(expected);
  expect(first).toMatchObject({ device: 0, powerW: 43 });
});

test('ends quietly when the signal aborts during a reading', async () => {
  const end = new AbortController();
  const killed = () => {
    end.abort();
    return { exit: { code: undefined, signal: 'SIGTERM' }, stdout: '', stderr: '' };
  };
  const samples = telemetry(node({ 'amd-smi metric': killed }), end.signal);
  expect(await samples.next()).toEqual({ done: true, value: undefined });
});

test.each([
  ['amd-smi fails', { 'amd-smi': printed('', 1, 'no driver\n') }, 'amd-smi on node_0 failed: no driver'],
  ['there is no amd-smi', {}, 'node_0 has no amd-smi, which telemetry is read from'],
])('is an error where %s', async (_, outputs, message) => {
  await expect(telemetry(node(outputs), never, atOnce).next()).rejects.toThrow(message);
});
