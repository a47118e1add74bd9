import type { MetricOutput } from '../plugin/metric.js';
import { customNumbers, ruleEntries } from './aggregate.js';
import type { RawResult } from './raw-result.js';
import type { Row } from './schema.js';

/** Of a whole endpoint: by how many devices to divide them is not known. */
const THROUGHPUTS = ['request_throughput', 'output_throughput', 'total_token_throughput'] as const;

/** What is known of a point of an endpoint that was already running. */
export interface EndpointPoint {
  readonly model: string;
  /** Requests in flight at most, where that is limited. */
  readonly conc?: number;
  /** Tokens of prompt and output, where they are asked for. */
  readonly isl?: number;
  readonly osl?: number;
}

/**
 * The row of such a point. What was measured has the keys and units of InferenceX's rows; what the server is (hardware, framework,
 * precision, parallelism) and throughputs per device are missing.
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
