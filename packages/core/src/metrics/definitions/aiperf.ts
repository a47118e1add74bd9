import type { RequestRecord, RunRecord } from '../../load/record.js';
import { completedOf, contentMs, inputTokens } from '../request.js';
import { mean, percentile, std } from '../statistics.js';
import {
  CONTENT_ASSUMED,
  NO_INPUT_COUNT,
  NO_LAST_CONTENT,
  allOf,
  contentChunks,
  countedTokens,
  knownOf,
  lastContentMs,
  once,
  over,
  totalOf,
} from './content.js';
import { Report, type Definition, type Tools } from './definition.js';

const AT = 'src/aiperf/metrics/types/';
const NO_OUTPUT_COUNT = 'the output tokens of a request are not known';

/** AIPerf: everything starts and ends with chunks that have content; an ITL is one number a request. */
export const aiperf: Definition = {
  name: 'aiperf',
  source:
    'AIPerf (ai-dynamo/aiperf, src/aiperf/metrics: metric_dicts.py at 0fec57a67268, types/inter_token_latency_metric.py at 58dd5dea729c, types/ttft_metric.py at 58028d5ba1cb, types/request_latency_metric.py at 4f7ccffdf964, derived_latency.py at 19a5101af411); throughputs as in 0.1.1',
  headlines: {
    'mean TTFT': 'time_to_first_token:avg',
    'mean ITL': 'inter_token_latency:avg',
    'mean E2EL': 'request_latency:avg',
    'p99 TTFT': 'time_to_first_token:p99',
    'p99 E2EL': 'request_latency:p99',
    'request throughput': 'request_throughput',
    'output throughput': 'output_token_throughput',
  },
  recompute(run, tools) {
    const report = new Report();
    const reading = new AiperfReading(run, tools);
    reportRequests(report, reading);
    reportRates(report, reading);
    report.note(
      !reading.tokenizes,
      'Output tokens are those of the usage, as with --use-server-token-count; by default AIPerf tokenizes the text, which needs records with text and --tokenizer.',
    );
    report.notes.push(
      CONTENT_ASSUMED,
      'Percentiles of inter_chunk_latency are exact here; AIPerf estimates them (t-digest).',
    );
    return report;
  },
};

class AiperfReading {
  readonly completed: readonly RequestRecord[];
  /** AIPerf counts tokens itself, unless told to use the server's count. */
  readonly tokenizes: boolean;
  readonly outputTokens: (request: RequestRecord) => number | undefined;

  constructor(
    readonly run: RunRecord,
    tools: Tools,
  ) {
    this.completed = completedOf(run);
    const counted = once((request) => countedTokens(request, tools));
    this.tokenizes = this.completed.length > 0 && allOf(this.completed.map(counted)) !== undefined;
    this.outputTokens = this.tokenizes ? counted : ({ outputTokens }) => outputTokens;
  }

  readonly itl = (request: RequestRecord): number | undefined => {
    const tokens = this.outputTokens(request);
    const latency = lastContentMs(request);
    const ttft = contentMs(request);
    if (tokens === undefined || tokens < 2 || latency === undefined || ttft === undefined) return undefined;
    return (latency - ttft) / (tokens - 1);
  };

  each(of: (request: RequestRecord) => number | undefined): (number | undefined)[] {
    return this.completed.map(of);
  }
}

function reportRequests(report: Report, reading: AiperfReading): void {
  const { completed } = reading;
  const latencies = allOf(reading.each(lastContentMs));
  const lengths = allOf(reading.each(reading.outputTokens));
  const itls =
    latencies === undefined || lengths === undefined ? undefined : knownOf(reading.each(reading.itl));
  const unknownItl = latencies === undefined ? NO_LAST_CONTENT : NO_OUTPUT_COUNT;
  const chunks = completed.map(contentChunks).filter((arrivals) => arrivals !== undefined);
  const seconds = completed.length === chunks.length ? chunks : [];
  const add = (
    key: string,
    unit: string,
    samples: readonly number[] | undefined,
    file: string,
    reason?: string,
  ) =>
    report.add(key, unit, statisticsOf(samples ?? []), AT + file, samples === undefined ? reason : undefined);
  add(
    'time_to_first_token',
    'ms',
    allOf(reading.each(contentMs)),
    'ttft_metric.py',
    'a response had no text',
  );
  add(
    'time_to_second_token',
    'ms',
    seconds.flatMap(([first, second]) =>
      first === undefined || second === undefined ? [] : [second - first],
    ),
    'ttst_metric.py',
  );
  report.add(
    'time_to_first_output_token',
    'ms',
    undefined,
    AT,
    'the records do not tell reasoning from other text',
  );
  add('request_latency', 'ms', latencies, 'request_latency_metric.py', NO_LAST_CONTENT);
  add('inter_token_latency', 'ms', itls, 'inter_token_latency_metric.py', unknownItl);
  add(
    'inter_chunk_latency',
    'ms',
    seconds.flatMap((at) => at.slice(1).map((time, i) => time - (at[i] ?? 0))),
    'inter_chunk_latency_metric.py',
  );
  add(
    'output_token_throughput_per_user',
    'tok/s',
    itls?.filter((itl) => itl > 0).map((itl) => 1000 / itl),
    'output_token_throughput_metrics.py',
    unknownItl,
  );
  add('output_sequence_length', 'tokens', lengths, 'output_sequence_length_metric.py', NO_OUTPUT_COUNT);
  add(
    'input_sequence_length',
    'tokens',
    allOf(reading.each(inputTokens)),
    'input_sequence_length_metric.py',
    NO_INPUT_COUNT,
  );
  report.add(
    'effective_latency',
    'ms',
    statisticsOf(allOf(reading.each(effectiveMs)) ?? []),
    'src/aiperf/metrics/derived_latency.py, compute_effective_latency',
  );
}

function reportRates(report: Report, reading: AiperfReading): void {
  const { completed, run } = reading;
  const seconds = durationS(completed);
  const count = (key: string, value: number | undefined, file: string, reason?: string) =>
    report.add(key, '', value, AT + file, reason);
  const tokens = totalOf(reading.each(reading.outputTokens));
  count('request_count', completed.length, 'request_count_metric.py');
  count('error_request_count', run.requests.length - completed.length, 'error_request_count.py');
  count('total_osl', tokens, 'output_sequence_length_metric.py', NO_OUTPUT_COUNT);
  count('total_isl', totalOf(reading.each(inputTokens)), 'input_sequence_length_metric.py', NO_INPUT_COUNT);
  report.add('benchmark_duration', 's', seconds, `${AT}benchmark_duration_metric.py`, NO_LAST_CONTENT);
  report.add(
    'request_throughput',
    'req/s',
    over(completed.length, seconds),
    `${AT}request_throughput_metric.py`,
    NO_LAST_CONTENT,
  );
  report.add(
    'output_token_throughput',
    'tok/s',
    over(tokens, seconds),
    `${AT}output_token_throughput_metrics.py`,
    tokens === undefined ? NO_OUTPUT_COUNT : NO_LAST_CONTENT,
  );
  if (run.spec.slos !== undefined) {
    const good = completed.filter((request) => isGood(request, reading)).length;
    report.add(
      'goodput',
      'req/s',
      over(good, seconds),
      `${AT}goodput_metric.py, good_request_count_metric.py`,
      NO_LAST_CONTENT,
    );
  }
}

/** A request that lacks one of the metrics asked about isn't good. */
function isGood(request: RequestRecord, reading: AiperfReading): boolean {
  const { ttftMs, tpotMs, e2elMs } = reading.run.spec.slos ?? {};
  const pairs = [
    [contentMs(request), ttftMs],
    [reading.itl(request), tpotMs],
    [lastContentMs(request), e2elMs],
  ] as const;
  return pairs.every(([value, limit]) => limit === undefined || (value !== undefined && value <= limit));
}

/** First sending to last content of valid requests. */
function durationS(completed: readonly RequestRecord[]): number | undefined {
  const ends = allOf(completed.map((request) => request.lastContentMs));
  if (ends === undefined || ends.length === 0) return undefined;
  const start = completed.reduce((least, { sentMs }) => Math.min(least, sentMs ?? Infinity), Infinity);
  const end = ends.reduce((a, b) => Math.max(a, b));
  return end > start ? (end - start) / 1000 : undefined;
}

/** From when the request was due, which is when AIPerf issues a credit, to the end of its response. */
function effectiveMs({ scheduledMs, doneMs }: RequestRecord): number | undefined {
  return doneMs === undefined ? undefined : doneMs - scheduledMs;
}

/** metric_dicts.py, metric_result_from_array: linear percentiles, deviation of the population. */
function statisticsOf(samples: readonly number[]): Record<string, number> | undefined {
  if (samples.length === 0) return undefined;
  const values = Float64Array.from(samples).sort();
  const percentiles = [1, 5, 10, 25, 50, 75, 90, 95, 99].map((p) => [`p${p}`, percentile(values, p) ?? 0]);
  return {
    avg: mean(values) ?? 0,
    min: values[0] ?? 0,
    max: values[values.length - 1] ?? 0,
    ...Object.fromEntries(percentiles),
    std: std(values) ?? 0,
  } as Record<string, number>;
}
