import { expect, it } from 'vitest';
import { power } from '../../src/metrics/builtin/power.js';
import { energyOf, withEnergy } from '../../src/metrics/energy/energy.js';
import { decodeReadings, type DeviceSample, type Readings } from '../../src/metrics/energy/readings.js';
import { isValidRun, marksOf } from '../../src/metrics/marks.js';
import { request, runOf } from './run.js';

const START = Date.UTC(2026, 1, 3, 4, 5, 6);
/** Ten seconds, two requests of 10 input and 6 output tokens each. */
const run = runOf([request(), request({ index: 1 })], {
  originUnixMs: START - 1000,
  window: { startMs: 1000, endMs: 11_000 },
});

const clock = (offsetMs: number, uncertaintyMs = 1) => ({ node: 'client', offsetMs, uncertaintyMs });

/** Readings of a device, one per second, from half a second before the window to half a second after it. */
function every(
  node: string,
  device: number,
  powerAt: (second: number) => Partial<DeviceSample>,
): DeviceSample[] {
  return Array.from({ length: 12 }, (_, second) => ({
    ...{ node, device, unixMs: START - 500 + second * 1000, memoryUsedGiB: 100 },
    ...powerAt(second),
  }));
}

function readings(more: Partial<Readings> = {}): Readings {
  return {
    source: 'tool: field',
    devices: [0, 1].map((device) => ({ node: 'n0', device, role: 'server' })),
    clocks: [clock(3), clock(-2)],
    samples: [
      ...every('n0', 0, () => ({ powerW: 100 })),
      ...every('n0', 1, (second) => ({ powerW: 50 * second })),
    ],
    ...more,
  };
}

const without = (isLost: (sample: DeviceSample) => boolean): Readings => {
  const { samples } = readings();
  return readings({ samples: samples.filter((sample) => !isLost(sample)) });
};

const second = ({ unixMs }: DeviceSample): number => (unixMs - START) / 1000;
const codesOf = (given: Readings, of = run) => energyOf(of, given)?.reasons.map(({ code }) => code);

it('integrates each device over exactly the window, with both ends interpolated', () => {
  const energy = energyOf(run, readings());
  expect(energy).toMatchObject({ valid: true, reasons: [], source: 'tool: field' });
  expect(energyOf(run, readings({ counterSource: 'tool: counter' }))).not.toHaveProperty('counterSource');
  // 100 W for ten seconds; a ramp of 50 W per second from 25 to 525 W.
  expect(energy?.devices.map(({ energyJ }) => energyJ)).toEqual([1000, 2750]);
  expect(energy?.devices[0]).toMatchObject({ node: 'n0', role: 'server', samples: 12, maxGapS: 1 });
});

it("gives InferenceX's keys", () => {
  expect(power.compute(withEnergy(run, readings()))).toEqual({
    power_metric_schema_version: 2,
    power_valid: 1,
    avg_power_w: 187.5,
    avg_total_gpu_power_w: 375,
    total_gpu_energy_j: 3750,
    joules_per_successful_query: 1875,
    joules_per_input_token: 187.5,
    joules_per_output_token: 312.5,
    joules_per_total_token: 117.1875,
  });
});

it('gives those of prefill and decode where devices of their own decode', () => {
  const devices = [
    { node: 'n0', device: 0, role: 'prefill' },
    { node: 'n0', device: 1, role: 'decode' },
  ];
  expect(power.compute(withEnergy(run, readings({ devices })))).toMatchObject({
    total_gpu_energy_j: 3750,
    prefill_gpu_energy_j: 1000,
    decode_gpu_energy_j: 2750,
    prefill_avg_power_w: 100,
    decode_avg_power_w: 275,
    prefill_joules_per_input_token: 50,
    decode_joules_per_output_token: 2750 / 12,
  });
});

it.each<[why: string, given: Readings, codes: readonly string[]]>([
  [
    'a gap',
    without((one) => one.device === 1 && second(one) > 3 && second(one) < 7),
    ['sampling_gap_exceeded'],
  ],
  ['a device that is missing', without(({ device }) => device === 1), ['expected_gpu_count_mismatch']],
  [
    'a device that stops answering',
    without((one) => one.device === 1 && second(one) > 5),
    ['benchmark_window_not_bracketed'],
  ],
  [
    'readings that begin late',
    without((one) => second(one) < 0),
    Array(2).fill('benchmark_window_not_bracketed'),
  ],
  ['no readings', readings({ samples: [] }), Array(2).fill('expected_gpu_count_mismatch')],
  ['a clock that is ahead', readings({ clocks: [clock(0), clock(2000)] }), ['clock_skew']],
  ['a clock that is behind', readings({ clocks: [clock(-700), clock(0)] }), ['clock_skew']],
  ['a clock that is not sure', readings({ clocks: [clock(0, 600), clock(0)] }), ['clock_unknown']],
  ['a clock that is not read', readings({ clocks: [clock(0), { node: 'client' }] }), ['clock_unknown']],
  ['clocks that are compared once', readings({ clocks: [clock(0)] }), ['clock_unknown']],
  [
    'a device that never has power',
    readings({ samples: [...every('n0', 0, () => ({ powerW: 100 })), ...every('n0', 1, () => ({}))] }),
    ['invalid_power_sample'],
  ],
  [
    'a device whose power is negative',
    readings({
      samples: [...every('n0', 0, () => ({ powerW: 100 })), ...every('n0', 1, () => ({ powerW: -1 }))],
    }),
    ['invalid_power_sample'],
  ],
  [
    'a device that has power only at first',
    readings({
      samples: [
        ...every('n0', 0, () => ({ powerW: 100 })),
        ...every('n0', 1, (at) => (at < 4 ? { powerW: 100 } : {})),
      ],
    }),
    ['invalid_power_sample', 'benchmark_window_not_bracketed'],
  ],
])('is invalid with %s, and then has no numbers', (_, given, codes) => {
  expect(codesOf(given)).toEqual(codes);
  const judged = withEnergy(run, given);
  expect(power.compute(judged)).toEqual({ power_metric_schema_version: 2, power_valid: 0 });
  const [message = ''] = marksOf(judged).flatMap(({ code, message: said }) =>
    code === 'power-invalid' ? [said] : [],
  );
  expect([...new Set(codes)].map((code) => message.split(`${code} (`).length)).toEqual(
    [...new Set(codes)].map(() => 2),
  );
  expect(message.includes(', and 1 more')).toBe(codes.length > new Set(codes).size);
  expect(isValidRun(judged)).toBe(true);
});

it('is invalid where a reading has no power, but not for one that is far from the window', () => {
  const broken = (at: number): Readings =>
    readings({
      samples: [
        ...readings().samples,
        { node: 'n0', device: 0, unixMs: START + at, memoryUsedGiB: 100 },
      ].sort((a, b) => a.unixMs - b.unixMs),
    });
  expect(codesOf(broken(5000))).toEqual(['invalid_power_sample']);
  expect(codesOf(broken(-60_000))).toEqual([]);
});

it('is invalid where the clock of the readings was set back', () => {
  const { samples } = readings();
  const moved = samples.map((one) => (second(one) > 6 ? { ...one, unixMs: one.unixMs - 4000 } : one));
  expect(
    codesOf(
      readings({
        samples: [...moved, ...samples.slice(-1), ...every('n0', 0, () => ({ powerW: 100 })).slice(-1)],
      }),
    ),
  ).toContain('telemetry_out_of_order');
});

it.each([
  [1, []],
  [1.04, []],
  [1.07, ['energy_counter_mismatch']],
  [0.9, ['energy_counter_mismatch']],
  [0, ['energy_counter_mismatch']],
  [-1, ['energy_counter_mismatch']],
])("holds the readings against the driver's counter: %d times as much is %j", (factor, codes) => {
  const counted = every('n0', 0, (at) => ({ powerW: 100, energyJ: 7000 + 100 * at * factor }));
  const samples = [...counted, ...readings().samples.filter(({ device }) => device === 1)];
  const energy = energyOf(run, readings({ counterSource: 'tool: counter', samples }));
  expect(energy?.reasons.map(({ code }) => code)).toEqual(codes);
  expect(energy?.counterSource).toBe('tool: counter');
});

it('is invalid where a device that the plan does not use is in use, or may be', () => {
  const idle = every('n0', 2, () => ({ powerW: 60, memoryUsedGiB: 0.4 }));
  const { samples } = readings();
  expect(codesOf(readings({ samples: [...samples, ...idle] }))).toEqual([]);
  for (const memoryUsedGiB of [80, undefined]) {
    const busy = idle.map(({ memoryUsedGiB: _, ...one }) => ({
      ...one,
      ...(memoryUsedGiB && { memoryUsedGiB }),
    }));
    expect(codesOf(readings({ samples: [...samples, ...busy] }))).toEqual(['other_device_in_use']);
  }
  const elsewhere = every('n9', 2, () => ({ powerW: 60, memoryUsedGiB: 80 }));
  expect(codesOf(readings({ samples: [...samples, ...elsewhere] }))).toEqual([]);
});

it('is invalid where nothing says which field power is', () => {
  const { source: _, ...unnamed } = readings();
  expect(codesOf(unnamed)).toEqual(['power_source_unknown']);
});

it('says on which side a clock is', () => {
  const message = (offsetMs: number) =>
    energyOf(run, readings({ clocks: [clock(offsetMs), clock(0)] }))?.reasons[0]?.message;
  expect(message(2000)).toContain('is 2.0 s ahead of that of the readings');
  expect(message(-2000)).toContain('is 2.0 s behind that of the readings');
});

it('is invalid where tokens are not known', () => {
  const { outputTokens: _, ...uncounted } = request({ index: 1 });
  expect(codesOf(readings(), { ...run, requests: [request(), uncounted] })).toEqual([
    'invalid_output_token_count',
  ]);
});

it('is invalid where there is no output token', () => {
  const requests = [request({ outputTokens: 0 }), request({ index: 1, outputTokens: 0 })];
  expect(codesOf(readings(), { ...run, requests })).toEqual(['invalid_output_token_count']);
});

it('says nothing of servers without devices, nor of runs without readings', () => {
  expect(energyOf(run, readings({ devices: [] }))).toBeUndefined();
  expect(power.compute(withEnergy(run, undefined))).toEqual({});
});

it('is the same from a file, which may have torn and unknown lines', () => {
  const given = readings({
    counterSource: 'tool: counter',
    samples: every('n0', 0, (at) => ({ powerW: 100, energyJ: 100 * at })),
    devices: [{ node: 'n0', device: 0, role: 'server' }],
  });
  const { source, counterSource, devices, clocks, samples } = given;
  const lines = [
    { schema: 'sweepline.telemetry/1', source, counterSource, devices },
    { clock: clocks[0] },
    ...samples.map((one) => ({ ...one, temperatureC: 60 })),
    { clock: clocks[1] },
    { more: true },
  ];
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"node":"n0","unixM`;
  expect(energyOf(run, decodeReadings(text)!)).toEqual(energyOf(run, given));
  expect(energyOf(run, given)).toMatchObject({ valid: true, counterSource });
  expect(decodeReadings(samples.map((one) => JSON.stringify(one)).join('\n'))).toBeUndefined();
});
