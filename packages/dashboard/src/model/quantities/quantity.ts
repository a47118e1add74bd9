/** What can be on an axis. */
export interface Quantity {
  /** Its name in the address. */
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Heading in menus. */
  readonly group: 'throughput' | 'cost' | 'energy' | 'latency';
  /** Formula, and who defined it. */
  readonly definition: string;
  /** Columns of metrics that it is made of; of alternatives, such as seconds and milliseconds, a point has one. */
  readonly metrics: readonly string[];
  /** Which of a reader's assumptions it depends on. */
  readonly assumes?: 'price' | 'power';
  /** Undefined where a point lacks what it is made of. */
  readonly of: (point: PointNumbers) => number | undefined;
  /** Of a quantity that is measured for some points and provisioned for others: which it is for this one. */
  readonly basisOf?: (point: PointNumbers) => 'measured' | 'provisioned' | undefined;
}

/** What quantities read of a point. */
export interface PointNumbers {
  /** By column of the store's `results`. */
  readonly metric: (key: string) => number | undefined;
  /** Input and output tokens of a request, as the load asks for. */
  readonly isl: number | undefined;
  readonly osl: number | undefined;
  /** Devices that prefill and that decode, where these are not the same. */
  readonly split: { readonly prefill: number; readonly decode: number } | undefined;
  /** Whether prefill and decode have devices of their own, though their counts may be unknown. */
  readonly isSplit: boolean;
  /** USD per device-hour. */
  readonly usdPerHour: number | undefined;
  /** All-in W per device. */
  readonly watts: number | undefined;
}

/** Which tokens count. */
export type Tokens = 'total' | 'output' | 'input';
export const TOKENS: readonly Tokens[] = ['total', 'output', 'input'];

export const PER_DEVICE = {
  total: 'tput_per_gpu',
  output: 'output_tput_per_gpu',
  input: 'input_tput_per_gpu',
} as const;

/**
 * Tokens/s per device of all devices. InferenceX's rows of disaggregated points count output per device that decodes and input per device
 * that prefills; all devices cost and draw power, so here all are charged. Missing where counts of devices are, or are wrong.
 */
export function perAnyDevice(tokens: Tokens, point: PointNumbers): number | undefined {
  const value = positive(point.metric(PER_DEVICE[tokens]));
  if (value === undefined || tokens === 'total' || !point.isSplit) return value;
  if (point.split === undefined || !addsUp(point.split, point)) return undefined;
  const { prefill, decode } = point.split;
  return (value * (tokens === 'output' ? decode : prefill)) / (prefill + decode);
}

/** Some rows of InferenceX's dashboard name all devices twice, for prefill and for decode: then the throughputs contradict each other. */
function addsUp(
  { prefill, decode }: { readonly prefill: number; readonly decode: number },
  { metric }: PointNumbers,
): boolean {
  const [total, output, input] = TOKENS.map((tokens) => metric(PER_DEVICE[tokens]));
  if (total === undefined || output === undefined || input === undefined) return true;
  const all = total * (prefill + decode);
  return Math.abs(output * decode + input * prefill - all) <= 0.01 * all;
}

/** A throughput of 0 divides nothing. */
export function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

export const ALL_DEVICES =
  'Where prefill and decode have devices of their own, all of them are charged, unlike in InferenceX.';
