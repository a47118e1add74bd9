import type { RequestRecord } from '../load/records/record.js';

/** Requests in flight from `atMs` until the next step. */
export interface ConcurrencyStep {
  readonly atMs: number;
  readonly inFlight: number;
}

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Requests in flight over time: from sent to the end of the response, whatever the outcome. A request that ends at the moment
 * another is sent was not in flight together with it; one without a known end stays in flight.
 */
export function concurrencyOf(requests: readonly RequestRecord[]): ConcurrencyStep[] {
  const sent = requests.filter(({ sentMs }) => sentMs !== undefined);
  const starts = Float64Array.from(sent, ({ sentMs }) => sentMs ?? 0).sort();
  const ends = Float64Array.from(sent, ({ doneMs }) => doneMs ?? Infinity).sort();
  const steps: ConcurrencyStep[] = [];
  let started = 0;
  let ended = 0;
  while (started < starts.length || (ends[ended] ?? Infinity) < Infinity) {
    const atMs = Math.min(starts[started] ?? Infinity, ends[ended] ?? Infinity);
    while (starts[started] === atMs) started++;
    while (ends[ended] === atMs) ended++;
    steps.push({ atMs, inFlight: started - ended });
  }
  return steps;
}

/** Mean over time within a span, weighted by the duration of each level; undefined for a span without length. */
export function meanConcurrency(steps: readonly ConcurrencyStep[], span: Span): number | undefined {
  if (!(span.endMs > span.startMs)) return undefined;
  let area = 0;
  steps.forEach(({ atMs, inFlight }, i) => {
    const from = Math.max(atMs, span.startMs);
    const to = Math.min(steps[i + 1]?.atMs ?? span.endMs, span.endMs);
    if (to > from) area += inFlight * (to - from);
  });
  return area / (span.endMs - span.startMs);
}

/** Requests in flight over a time span, averaged over each of its equal parts. */
export interface ConcurrencySeries {
  readonly startMs: number;
  readonly partMs: number;
  readonly inFlight: readonly number[];
}

/** Undefined for a span without length. */
export function concurrencySeries(
  steps: readonly ConcurrencyStep[],
  { startMs, endMs }: Span,
  parts: number,
): ConcurrencySeries | undefined {
  if (!(endMs > startMs)) return undefined;
  const partMs = (endMs - startMs) / parts;
  const border = (i: number) => startMs + i * partMs;
  const inFlight = Array.from(
    { length: parts },
    (_, i) => meanConcurrency(steps, { startMs: border(i), endMs: border(i + 1) }) ?? 0,
  );
  return { startMs, partMs, inFlight };
}

/** Most requests in flight at once; 0 if there were none. */
export function peakConcurrency(steps: readonly ConcurrencyStep[]): number {
  return steps.reduce((peak, { inFlight }) => Math.max(peak, inFlight), 0);
}
