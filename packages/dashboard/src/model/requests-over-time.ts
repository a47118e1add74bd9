import type { TableData } from '../site/table.js';
import { numberAt, rowsOf, textAt } from './cells.js';

/** A request of the load. Times in ms; what isn't known is missing. */
export interface RequestRow {
  /** From the window's begin. */
  readonly sentMs: number | undefined;
  readonly ttftMs: number | undefined;
  readonly e2elMs: number | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** The longest time between two of its chunks. */
  readonly maxGapMs: number | undefined;
  readonly error: string | undefined;
}

export function requestRows(table: TableData): readonly RequestRow[] {
  return rowsOf(table).map((row) => ({
    sentMs: numberAt(table, 'sent_ms', row),
    ttftMs: numberAt(table, 'ttft_ms', row),
    e2elMs: numberAt(table, 'e2el_ms', row),
    inputTokens: numberAt(table, 'input_tokens', row),
    outputTokens: numberAt(table, 'output_tokens', row),
    maxGapMs: numberAt(table, 'max_gap_ms', row),
    error: textAt(table, 'error', row),
  }));
}

/** Something that lasts: so much per ms from one time to another. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly perMs: number;
}

/** Requests between sent and their last chunk. Those whose end isn't known are left out. */
export function inFlightSpans(requests: readonly RequestRow[]): readonly Span[] {
  return requests.flatMap(({ sentMs, e2elMs }) =>
    sentMs === undefined || e2elMs === undefined ? [] : [{ from: sentMs, to: sentMs + e2elMs, perMs: 1 }],
  );
}

/** Output tokens, spread evenly from a request's first chunk to its last. */
export function tokenSpans(requests: readonly RequestRow[]): readonly Span[] {
  return requests.flatMap(({ sentMs, ttftMs, e2elMs, outputTokens }) => {
    if (sentMs === undefined || ttftMs === undefined || e2elMs === undefined || outputTokens === undefined)
      return [];
    const from = sentMs + ttftMs;
    // An answer in one piece came within the millisecond before its end.
    const to = Math.max(sentMs + e2elMs, from + 1);
    return [{ from, to, perMs: outputTokens / (to - from) }];
  });
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Mean of the sum of all spans in each of so many equal parts of [0, end]. */
export function meansOver(spans: readonly Span[], end: number, bins: number): readonly Bin[] {
  const width = end / bins;
  const sums = new Float64Array(bins);
  for (const { from, to, perMs } of spans) {
    const last = Math.min(bins - 1, Math.floor(to / width));
    for (let bin = Math.max(0, Math.floor(from / width)); bin <= last; bin += 1) {
      const overlap = Math.min(to, (bin + 1) * width) - Math.max(from, bin * width);
      sums[bin] = (sums[bin] ?? 0) + Math.max(0, overlap) * perMs;
    }
  }
  return Array.from(sums, (sum, bin) => ({ from: bin * width, to: (bin + 1) * width, value: sum / width }));
}

/** How many values lie in each of about so many parts, whose ends are round numbers; a value on an end lies in the upper part. */
export function histogramOf(values: readonly number[], about: number): readonly Bin[] {
  if (values.length === 0) return [];
  const [low, high] = rangeOf(values);
  const step = roundStep((high - low) / about || Math.abs(high) / about || 1);
  const first = Math.floor(low / step);
  const counts = new Array<number>(Math.floor(high / step) - first + 1).fill(0);
  for (const value of values) {
    const bin = Math.floor(value / step) - first;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((value, bin) => ({ from: (first + bin) * step, to: (first + bin + 1) * step, value }));
}

/** The next 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Without the arguments of a call, of which there may not be this many. */
export function rangeOf(values: readonly number[]): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
