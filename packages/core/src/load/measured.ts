import type { RequestRecord, RunRecord } from './record.js';

/** First dispatch to last end, ms; both 0 when nothing was sent. */
export function windowOf(requests: readonly RequestRecord[]): RunRecord['window'] {
  const sent = requests.filter((request) => request.sentMs !== undefined);
  if (sent.length === 0) return { startMs: 0, endMs: 0 };
  return {
    startMs: sent.reduce((least, { sentMs }) => Math.min(least, sentMs ?? least), Infinity),
    endMs: sent.reduce((most, { doneMs, sentMs }) => Math.max(most, doneMs ?? sentMs ?? most), -Infinity),
  };
}

/** Most requests between sent and done at any time. A request that ends when another is sent was not in flight with it. */
export function peakInFlight(requests: readonly RequestRecord[]): number {
  const steps = requests.flatMap(({ sentMs, doneMs }) =>
    sentMs === undefined
      ? []
      : [
          { at: sentMs, step: 1 },
          { at: doneMs ?? Infinity, step: -1 },
        ],
  );
  steps.sort((a, b) => a.at - b.at || a.step - b.step);
  let inFlight = 0;
  let peak = 0;
  for (const { step } of steps) peak = Math.max(peak, (inFlight += step));
  return peak;
}

/** Sent minus scheduled over the requests that were sent, ms; zeros when none was. */
export function sendLag(requests: readonly RequestRecord[]): { readonly mean: number; readonly max: number } {
  let sum = 0;
  let max = 0;
  let count = 0;
  for (const { sentMs, scheduledMs } of requests) {
    if (sentMs === undefined) continue;
    const lag = sentMs - scheduledMs;
    sum += lag;
    max = Math.max(max, lag);
    count++;
  }
  return { mean: count === 0 ? 0 : sum / count, max };
}
