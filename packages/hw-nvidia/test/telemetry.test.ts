import type { TelemetrySample } from '@sweepline/core';
import { expect, test } from 'vitest';
import { parseSample, telemetry } from '../dist/telemetry.js';
import { fakeProcess, fixture, never, node } from './node.js';

const unused = () => {
  throw new Error('not part of this test');
};
const lines = async () => (await fixture('telemetry.csv')).split('\n');

test('reads what a line says, and leaves out what it has no value for', async () => {
  const samples = (await lines()).map((line) => parseSample(line, 7));
  expect(samples).toEqual([
    { unixMs: 7, device: 0, powerW: 687.52, utilization: 0.98, memoryUsedGiB: 128, temperatureC: 61 },
    { unixMs: 7, device: 1, memoryUsedGiB: 128 },
    undefined,
    undefined,
    undefined,
    { unixMs: 7, device: 0, powerW: 121.04, utilization: 0, memoryUsedGiB: 0.5, temperatureC: 33 },
    undefined,
  ]);
  expect(samples[1]).not.toHaveProperty('powerW');
});

test('ends and stops nvidia-smi when the signal aborts', async () => {
  const { handle, seen } = fakeProcess(await lines());
  const end = new AbortController();
  const samples: TelemetrySample[] = [];
  for await (const sample of telemetry(node(unused, handle), end.signal)) {
    samples.push(sample);
    if (samples.length === 3) end.abort();
  }
  expect(samples.map(({ device }) => device)).toEqual([0, 1, 0]);
  expect(seen.stops).toBe(1);
});

test('stops nvidia-smi when the reader leaves', async () => {
  const { handle, seen } = fakeProcess(await lines());
  for await (const _ of telemetry(node(unused, handle), never)) break;
  expect(seen.stops).toBe(1);
});

test('starts nothing when the signal has aborted already', async () => {
  const samples = telemetry(node(unused), AbortSignal.abort());
  expect(await samples.next()).toEqual({ done: true, value: undefined });
});

test('an nvidia-smi that ends by itself is an error that says how', async () => {
  const { handle } = fakeProcess(['0, 100.0, 0, 512, 33'], 15);
  const samples = telemetry(node(unused, handle), never);
  expect((await samples.next()).value).toMatchObject({ device: 0, powerW: 100 });
  await expect(samples.next()).rejects.toThrow('nvidia-smi on node_0 ended with exit code 15: GPU is lost');
});
