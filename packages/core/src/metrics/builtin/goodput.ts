import type { RequestRecord } from '../../load/records/record.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import type { MetricPlugin } from '../../plugin/metric.js';
import { completedOf, e2elMs, tpotMs, ttftMs } from '../request.js';

type Slos = NonNullable<LoadSpec['slos']>;

export const goodput: MetricPlugin = {
  kind: 'metric',
  name: 'goodput',
  apiVersion: 2,
  outputs: [
    {
      key: 'request_goodput',
      label: 'Request goodput',
      unit: 'req/s',
      better: 'higher',
      definition:
        'Completed requests that met every given service-level objective (upper limits for ttft, tpot, e2el), divided by the time from first dispatch to last completion; a request with one output token meets any tpot. Source: InferenceX, benchmark_serving.py, which writes the key as "request_goodput:".',
      level: 'raw',
    },
  ],
  compute(run): Record<string, number> {
    const slos = run.spec.slos ?? {};
    const durationS = (run.window.endMs - run.window.startMs) / 1000;
    const completed = completedOf(run);
    if (Object.keys(slos).length === 0 || !(durationS > 0) || completed.length === 0) return {};
    // Without usage, the time per output token is unknown.
    if (slos.tpotMs !== undefined && completed.some(({ outputTokens }) => outputTokens === undefined))
      return {};
    return { request_goodput: completed.filter((request) => keeps(request, slos)).length / durationS };
  },
};

/** benchmark_serving.py:249-283: a request with at most one token counts with a TPOT of 0. */
export function keeps(request: RequestRecord, slos: Slos): boolean {
  return (
    (ttftMs(request) ?? Infinity) <= (slos.ttftMs ?? Infinity) &&
    (tpotMs(request) ?? 0) <= (slos.tpotMs ?? Infinity) &&
    (e2elMs(request) ?? Infinity) <= (slos.e2elMs ?? Infinity)
  );
}
