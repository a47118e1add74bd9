import type { RunRecord } from '../../load/records/record.js';
import type { MetricOutput, MetricPlugin } from '../../plugin/metric.js';
import { arrivalsBetween } from '../arrivals.js';
import { concurrencyOf, meanConcurrency, type Span } from '../concurrency.js';
import { known } from '../known.js';
import { type Latency, latencyOutputs, latencyValues } from '../latency.js';
import { completedOf, e2elMs, gapsMs, numbersOf, tpotMs, ttftMs } from '../request.js';
import { requestsWithin, steadyWindowOf } from '../steady-window.js';

const WINDOW =
  'the steady window: from when half of the requests that were sent before any completed have ended, until the last request is sent. Source: Sweepline.';

const LATENCIES = {
  ttft: latency('ttft', 'TTFT'),
  tpot: latency('tpot', 'TPOT'),
  itl: latency('itl', 'ITL'),
  e2el: latency('e2el', 'E2EL'),
};

/** The same numbers without ramp-up and drain, in numerators and denominators alike. Empty if a run has no steady window. */
export const steadyState: MetricPlugin = {
  kind: 'metric',
  name: 'steady-state',
  apiVersion: 2,
  outputs: [
    output('steady_duration', 'Duration', 's', 'neither', `Length of ${WINDOW}`),
    output(
      'steady_concurrency',
      'Mean in flight',
      '',
      'neither',
      `Requests in flight, averaged over ${WINDOW}`,
    ),
    rate('steady_request_throughput', 'Request throughput', 'req/s', 'Last chunks of completed requests'),
    rate(
      'steady_output_throughput',
      'Output throughput',
      'tok/s',
      'Output tokens of completed requests, by the arrival of their chunks, each with an equal share of its request,',
    ),
    rate(
      'steady_total_token_throughput',
      'Total throughput',
      'tok/s',
      'The same plus input tokens, which count with the first chunk,',
    ),
    ...Object.values(LATENCIES).flatMap(latencyOutputs),
  ],
  compute(run) {
    const window = steadyWindowOf(run);
    return 'reason' in window ? {} : { ...ratesWithin(run, window), ...latenciesWithin(run, window) };
  },
};

function ratesWithin(run: RunRecord, window: Span): Record<string, number> {
  const durationS = (window.endMs - window.startMs) / 1000;
  const arrived = arrivalsBetween(completedOf(run), [window.startMs, window.endMs]);
  const output = arrived.outputTokens?.[0];
  const input = arrived.inputTokens?.[0];
  const perS = (count: number | undefined) => (count === undefined ? undefined : count / durationS);
  return known({
    steady_duration: durationS,
    steady_concurrency: meanConcurrency(concurrencyOf(run.requests), window),
    steady_request_throughput: perS(arrived.completed[0]),
    steady_output_throughput: perS(output),
    steady_total_token_throughput:
      output === undefined || input === undefined ? undefined : perS(output + input),
  });
}

function latenciesWithin(run: RunRecord, window: Span): Record<string, number> {
  const inside = requestsWithin(completedOf(run), window);
  return {
    ...latencyValues(LATENCIES.ttft, numbersOf(inside, ttftMs)),
    ...latencyValues(LATENCIES.tpot, numbersOf(inside, tpotMs)),
    ...latencyValues(LATENCIES.itl, gapsMs(inside)),
    ...latencyValues(LATENCIES.e2el, numbersOf(inside, e2elMs)),
  };
}

function latency(key: string, label: string): Latency {
  return {
    key: `steady_${key}`,
    label: `${label} (steady)`,
    definition: `${label} of the requests that were sent and done within ${WINDOW}`,
    statistics: ['mean', 'median', 'p99'],
    level: 'raw',
  };
}

function rate(key: string, label: string, unit: string, what: string): MetricOutput {
  return output(key, label, unit, 'higher', `${what} per second of ${WINDOW}`);
}

function output(
  key: string,
  label: string,
  unit: string,
  better: MetricOutput['better'],
  definition: string,
): MetricOutput {
  return { key, label: `${label} (steady)`, unit, better, definition, level: 'raw' };
}
