import type { SourceRow } from '../index/rows.js';

/** A p99 time to first token beyond both shows a stall of the server, not a slow request: s, and times the median. */
const LEAST_S = 30;
const TIMES_MEDIAN = 15;

/** What p99 and median of a time to first token, s, show of a stall, in words. */
export function stallOf(p99: number | undefined, median: number | undefined): string | undefined {
  if (p99 === undefined || median === undefined || p99 <= LEAST_S || p99 <= TIMES_MEDIAN * median)
    return undefined;
  return `the server stalled: p99 TTFT is ${p99.toFixed(1)} s, ${(p99 / median).toFixed(0)} times the median`;
}

/**
 * Marks an imported row whose numbers show a stall. One of a minute moves a run's throughput and p99 TTFT by tens of percent, and leaves
 * its medians as they are.
 * @param ttft p99 and median, s
 */
export function stallMark(
  run: string,
  point: string,
  { p99, median }: { readonly p99: number | undefined; readonly median: number | undefined },
): SourceRow | undefined {
  const message = stallOf(p99, median);
  if (message === undefined) return undefined;
  return { table: 'marks', cells: { run, point, code: 'stall', severity: 'note', message } };
}
