import type { TelemetrySample } from '@sweepline/core';
import { expect, test } from 'vitest';
import { parseCount } from '../dist/counters.js';
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
  for await (const sample of telemetry(node(unused, { 'nvidia-smi': handle }), end.signal)) {
    samples.push(sample);
    if (samples.length === 3) end.abort();
  }
  expect(samples.map(({ device }) => device)).toEqual([0, 1, 0]);
  expect(seen.stops).toBe(1);
});

test('stops nvidia-smi when the reader leaves', async () => {
  const { handle, seen } = fakeProcess(await lines());
  for await (const _ of telemetry(node(unused, { 'nvidia-smi': handle }), never)) break;
  expect(seen.stops).toBe(1);
});

test('starts nothing when the signal has aborted already', async () => {
  const samples = telemetry(node(unused), AbortSignal.abort());
  expect(await samples.next()).toEqual({ done: true, value: undefined });
});

test('an nvidia-smi that ends by itself is an error that says how', async () => {
  const { handle } = fakeProcess(['0, 100.0, 0, 512, 33'], 15);
  const samples = telemetry(node(unused, { 'nvidia-smi': handle }), never);
  expect((await samples.next()).value).toMatchObject({ device: 0, powerW: 100 });
  await expect(samples.next()).rejects.toThrow('nvidia-smi on node_0 ended with exit code 15: GPU is lost');
});

test("reads the driver's energy counter of each GPU by nvidia-smi's number, not DCGM's", async () => {
  const recorded = (await fixture('dcgmi-a100.txt')).split('\n').flatMap((line) => parseCount(line) ?? []);
  expect(recorded).toHaveLength(24);
  expect(recorded[0]).toEqual({ device: 7, energyJ: 108_702.777 });
  // 58.5 W by the power that was recorded beside it, for two seconds.
  const [first, , last] = recorded.filter(({ device }) => device === 0);
  expect(last!.energyJ - first!.energyJ).toBeCloseTo(117.6, 1);
  expect(parseCount('GPU 3     5            1500                    ')).toEqual({ device: 5, energyJ: 1.5 });
});

test.each(['GPU 0     0            N/A                     ', 'GPU-I 0   0            1500', 'ID    mJ', ''])(
  'takes no count from %j',
  (line) => {
    expect(parseCount(line)).toBeUndefined();
  },
);

test('gives readings the count that dcgmi has printed, and stops it as well', async () => {
  const dcgmi = fakeProcess((await fixture('dcgmi-a100.txt')).split('\n'));
  const smi = fakeProcess(['0, 58.49, 0, 0, 47', '1, 57.43, 0, 0, 48'], undefined, dcgmi.seen.hasPrinted);
  const end = new AbortController();
  const samples: TelemetrySample[] = [];
  const programs = { 'nvidia-smi': smi.handle, dcgmi: dcgmi.handle };
  for await (const sample of telemetry(node(unused, programs), end.signal)) {
    samples.push(sample);
    if (samples.length === 2) end.abort();
  }
  expect(samples).toMatchObject([
    { device: 0, powerW: 58.49, energyJ: 111_004.945 },
    { device: 1, powerW: 57.43, energyJ: 109_134.129 },
  ]);
  expect([smi.seen.stops, dcgmi.seen.stops]).toEqual([1, 1]);
});

test('has readings without counts where dcgmi has no host engine to ask', async () => {
  const dcgmi = fakeProcess(
    ['Error: unable to establish a connection to the specified host: localhost'],
    255,
  );
  const smi = fakeProcess(['0, 58.49, 0, 0, 47'], undefined, dcgmi.seen.hasPrinted);
  const programs = { 'nvidia-smi': smi.handle, dcgmi: dcgmi.handle };
  const samples = telemetry(node(unused, programs), never);
  const value = (await samples.next()).value as TelemetrySample;
  await samples.return(undefined);
  expect(value).toMatchObject({ device: 0, powerW: 58.49 });
  expect(value).not.toHaveProperty('energyJ');
});
