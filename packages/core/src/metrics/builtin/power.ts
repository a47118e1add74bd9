import type { DeviceEnergy, RunRecord } from '../../load/records/record.js';
import type { MetricOutput, MetricPlugin } from '../../plugin/metric.js';
import { known } from '../known.js';
import { completedOf, inputTokens, totalOf } from '../request.js';

/** The meaning of the numbers has changed once: InferenceX's rows of version 2 count all devices of a deployment. */
const SCHEMA_VERSION = 2;
const SOURCE =
  'Integral of the power readings of each device over the time from first dispatch to last completion. Missing unless power_valid is 1. Source: InferenceX, utils/aggregate_power.py and utils/aggregate_power_multinode.py, August 2026.';
const DECODE = 'decode';

/** Energy and power of the devices that a run used; missing, never 0, if the readings don't prove them. */
export const power: MetricPlugin = {
  kind: 'metric',
  name: 'power',
  apiVersion: 2,
  outputs: [
    output(
      'power_metric_schema_version',
      'Power schema',
      '',
      "Version of the power keys' meaning: 2. Source: InferenceX.",
    ),
    output(
      'power_valid',
      'Power valid',
      '',
      '1 where the readings prove the numbers of energy, else 0. Source: InferenceX.',
    ),
    output('avg_power_w', 'Power per device', 'W', `Mean power of one device. ${SOURCE}`),
    output('avg_total_gpu_power_w', 'Power', 'W', `Mean power of all devices together. ${SOURCE}`),
    output('total_gpu_energy_j', 'Energy', 'J', `Energy of all devices. ${SOURCE}`),
    less('joules_per_successful_query', 'Energy per request', 'J', 'all devices per completed request'),
    less('joules_per_input_token', 'Energy per input token', 'J/tok', 'all devices per input token'),
    less('joules_per_output_token', 'Energy per output token', 'J/tok', 'all devices per output token'),
    less('joules_per_total_token', 'Energy per token', 'J/tok', 'all devices per input and output token'),
    output('prefill_gpu_energy_j', 'Prefill energy', 'J', `Energy of the prefill devices. ${SOURCE}`),
    output('decode_gpu_energy_j', 'Decode energy', 'J', `Energy of the decode devices. ${SOURCE}`),
    output(
      'prefill_avg_power_w',
      'Power per prefill device',
      'W',
      `Mean power of a prefill device. ${SOURCE}`,
    ),
    output('decode_avg_power_w', 'Power per decode device', 'W', `Mean power of a decode device. ${SOURCE}`),
    less(
      'prefill_joules_per_input_token',
      'Prefill energy per input token',
      'J/tok',
      'prefill devices per input token',
    ),
    less(
      'decode_joules_per_output_token',
      'Decode energy per output token',
      'J/tok',
      'decode devices per output token',
    ),
  ],
  compute(run) {
    if (run.energy === undefined) return {};
    const head = { power_metric_schema_version: SCHEMA_VERSION, power_valid: run.energy.valid ? 1 : 0 };
    return run.energy.valid ? { ...head, ...known(numbersOf(run, run.energy.devices)) } : head;
  },
};

type Numbers = Readonly<Record<string, number | undefined>>;

function numbersOf(run: RunRecord, devices: readonly DeviceEnergy[]): Numbers {
  const durationS = (run.window.endMs - run.window.startMs) / 1000;
  const energyJ = energyIn(devices);
  const tokens = {
    input: totalOf(run, inputTokens),
    output: totalOf(run, (request) => request.outputTokens),
  };
  return {
    avg_power_w: over(energyJ, durationS * devices.length),
    avg_total_gpu_power_w: over(energyJ, durationS),
    total_gpu_energy_j: energyJ,
    joules_per_successful_query: over(energyJ, completedOf(run).length),
    joules_per_input_token: over(energyJ, tokens.input),
    joules_per_output_token: over(energyJ, tokens.output),
    joules_per_total_token: over(energyJ, sum(tokens.input, tokens.output)),
    ...roleNumbers(devices, durationS, tokens),
  };
}

/** If separate devices decode, all others count as prefill, as in throughputs per device. */
function roleNumbers(
  devices: readonly DeviceEnergy[],
  durationS: number,
  tokens: { readonly input: number | undefined; readonly output: number | undefined },
): Numbers {
  const decode = devices.filter(({ role }) => role === DECODE);
  const prefill = devices.filter(({ role }) => role !== DECODE);
  if (decode.length === 0 || prefill.length === 0) return {};
  const [prefillJ, decodeJ] = [energyIn(prefill), energyIn(decode)];
  return {
    prefill_gpu_energy_j: prefillJ,
    decode_gpu_energy_j: decodeJ,
    prefill_avg_power_w: over(prefillJ, durationS * prefill.length),
    decode_avg_power_w: over(decodeJ, durationS * decode.length),
    prefill_joules_per_input_token: over(prefillJ, tokens.input),
    decode_joules_per_output_token: over(decodeJ, tokens.output),
  };
}

function energyIn(devices: readonly DeviceEnergy[]): number | undefined {
  return devices.map(({ energyJ }) => energyJ).reduce(sum, 0);
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function over(value: number | undefined, count: number | undefined): number | undefined {
  return value === undefined || count === undefined || count <= 0 ? undefined : value / count;
}

function output(key: string, label: string, unit: string, definition: string): MetricOutput {
  return { key, label, unit, better: 'neither', definition };
}

function less(key: string, label: string, unit: string, what: string): MetricOutput {
  return { key, label, unit, better: 'lower', definition: `Energy of ${what}. ${SOURCE}` };
}
