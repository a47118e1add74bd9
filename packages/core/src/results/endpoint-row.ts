import type { MetricOutput } from '../plugin/metric.js';
import { customNumbers, ruleEntries } from './aggregate.js';
import type { RawResult } from './raw-result.js';
import type { Row } from './schema.js';

/** Of the whole endpoint: the number of devices to divide by is unknown. */
const THROUGHPUTS = ['request_throughput', 'output_throughput', 'total_token_throughput'] as const;

/** Facts about a point of an endpoint that was already running. */
export interface EndpointPoint {
  readonly model: string;
  /** Most requests in flight, if there is a limit. */
  readonly conc?: number;
  /** Tokens of prompt and output, if requested lengths exist. */
  readonly isl?: number;
  readonly osl?: number;
}

/**
 * The row of such a point. Measured numbers have the keys and units of InferenceX's rows; facts about the server (hardware,
 * framework, precision, parallelism) and throughputs per device are missing.
 */
export function endpointRow(raw: RawResult, point: EndpointPoint, outputs: readonly MetricOutput[]): Row {
  const held = new Set(outputs.filter(({ level }) => level === 'raw').map(({ key }) => key));
  const measured = Object.entries(raw).filter(([key]) => !held.has(key));
  const throughputs = THROUGHPUTS.flatMap((key) => {
    const value = raw[key];
    return typeof value === 'number' ? [[key, value] as const] : [];
  });
  const row: Row = Object.fromEntries([
    ...Object.entries(point).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
    ...throughputs,
    ...measured.flatMap(([key, value]) => ruleEntries(key, value)),
  ]);
  return { ...row, ...customNumbers(raw, row, outputs) };
}
