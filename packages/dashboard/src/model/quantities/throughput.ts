import { ALL_DEVICES, PER_DEVICE, perAnyDevice, TOKENS, type Quantity, type Tokens } from './quantity.js';

const LABELS = { total: 'Throughput', output: 'Output throughput', input: 'Input throughput' } as const;

const OF_ROW: Readonly<Record<Tokens, string>> = {
  total: 'Input and output tokens / duration / devices (InferenceX, process_result.py).',
  output:
    'Output tokens / duration / devices; of disaggregated points, only the devices that decode count (InferenceX, process_result.py).',
  input:
    'Input tokens / duration / devices; of disaggregated points, only the devices that prefill count (InferenceX, process_result.py).',
};

function perDevice(tokens: Tokens): Quantity {
  return {
    key: PER_DEVICE[tokens],
    label: `${LABELS[tokens]} per device`,
    ...{ unit: 'tok/s/device', better: 'higher', group: 'throughput' },
    definition: OF_ROW[tokens],
    metrics: [PER_DEVICE[tokens]],
    of: ({ metric }) => metric(PER_DEVICE[tokens]),
  };
}

function perMegawatt(tokens: Tokens): Quantity {
  return {
    key: `${tokens}_per_mw`,
    label: `${LABELS[tokens]} per MW`,
    ...{ unit: 'tok/s/MW', better: 'higher', group: 'throughput', assumes: 'power' },
    definition: `Tokens/s per device × 1,000,000 / all-in W per device (InferenceX-app, chart-utils.ts).${tokens === 'total' ? '' : ` ${ALL_DEVICES}`}`,
    metrics: [PER_DEVICE[tokens]],
    of: (point) => {
      const value = perAnyDevice(tokens, point);
      return value === undefined || point.watts === undefined ? undefined : (value * 1e6) / point.watts;
    },
  };
}

function ofServer(key: string, label: string, unit: string, definition: string): Quantity {
  return {
    ...{ key, label, unit, better: 'higher', group: 'throughput' },
    ...{ definition, metrics: [key], of: ({ metric }) => metric(key) },
  };
}

export const THROUGHPUT: readonly Quantity[] = [
  ...TOKENS.map(perDevice),
  ...TOKENS.map(perMegawatt),
  ofServer(
    ...(['total_token_throughput', 'Throughput of all devices', 'tok/s'] as const),
    'Input and output tokens / duration (InferenceX, benchmark_serving.py).',
  ),
  ofServer(
    ...(['output_throughput', 'Output throughput of all devices', 'tok/s'] as const),
    'Output tokens / duration (InferenceX, benchmark_serving.py).',
  ),
  ofServer(
    ...(['request_throughput', 'Requests', 'requests/s'] as const),
    'Completed requests / duration (InferenceX, benchmark_serving.py).',
  ),
  ofServer(
    ...(['request_goodput', 'Goodput', 'requests/s'] as const),
    "Requests that kept each of the load's objectives / duration (InferenceX, benchmark_serving.py).",
  ),
];
