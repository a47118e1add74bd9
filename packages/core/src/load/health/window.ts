import type { RunRecord } from '../records/record.js';
import type { TimelineColumns } from './timeline.js';

/** First dispatch to last end, ms; both 0 when nothing was sent. */
export function windowOf({ sentMs, doneMs }: TimelineColumns): RunRecord['window'] {
  let startMs = Infinity;
  let endMs = -Infinity;
  sentMs.forEach((sent, i) => {
    if (Number.isNaN(sent)) return;
    const done = doneMs[i] ?? NaN;
    startMs = Math.min(startMs, sent);
    endMs = Math.max(endMs, Number.isNaN(done) ? sent : done);
  });
  return startMs === Infinity ? { startMs: 0, endMs: 0 } : { startMs, endMs };
}

/**
 * Most requests between sent and done at any time. A request that ends at the moment another is sent was not in flight together
 * with it.
 */
export function peakInFlight({ sentMs, doneMs }: TimelineColumns): number {
  const sent = sentMs.filter((ms) => !Number.isNaN(ms)).sort();
  const done = doneMs.filter((ms, i) => !Number.isNaN(sentMs[i] ?? NaN) && !Number.isNaN(ms)).sort();
  let ended = 0;
  let peak = 0;
  sent.forEach((ms, begun) => {
    while (ended < done.length && (done[ended] ?? Infinity) <= ms) ended++;
    peak = Math.max(peak, begun + 1 - ended);
  });
  return peak;
}

/** Sent minus scheduled over the requests that were sent, ms; zeros when none was. */
export function sendLag({ sentMs, scheduledMs }: TimelineColumns): {
  readonly mean: number;
  readonly max: number;
} {
  let sum = 0;
  let max = 0;
  let count = 0;
  sentMs.forEach((sent, i) => {
    if (Number.isNaN(sent)) return;
    const lag = sent - (scheduledMs[i] ?? sent);
    sum += lag;
    max = Math.max(max, lag);
    count++;
  });
  return { mean: count === 0 ? 0 : sum / count, max };
}
