import type { RequestRecord } from '../../load/records/record.js';
import type { MetricPlugin } from '../../plugin/metric.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, numbersOf } from '../request.js';

const WHY =
  'The wait for a slot or for the client is included, so a server that slows its load down can\'t hide it (coordinated omission). Source: Sweepline; after G. Tene, "How NOT to Measure Latency", and AIPerf\'s effective_latency.';

const ttft: Latency = {
  key: 'ttft_from_schedule',
  label: 'TTFT (schedule)',
  definition: `Time from when a request was due (in a closed loop: its slot was free) to its first chunk with non-empty choices, over completed requests. ${WHY}`,
  level: 'raw',
};

const e2el: Latency = {
  key: 'e2el_from_schedule',
  label: 'E2EL (schedule)',
  definition: `Time from when a request was due to its last chunk with non-empty choices, over completed requests. ${WHY}`,
  level: 'raw',
};

export const fromSchedule: MetricPlugin = {
  kind: 'metric',
  name: 'from-schedule',
  apiVersion: 2,
  outputs: [...latencyOutputs(ttft), ...latencyOutputs(e2el)],
  compute(run) {
    const completed = completedOf(run);
    return {
      ...latencyValues(
        ttft,
        numbersOf(completed, (request) => since(request, request.chunkMs[0])),
      ),
      ...latencyValues(
        e2el,
        numbersOf(completed, (request) => since(request, request.chunkMs[request.chunkMs.length - 1])),
      ),
    };
  },
};

function since({ scheduledMs }: RequestRecord, timeMs: number | undefined): number | undefined {
  return timeMs === undefined ? undefined : timeMs - scheduledMs;
}
