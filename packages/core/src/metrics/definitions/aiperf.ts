import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, contentMs, gapsMs, numbersOf } from '../request.js';
import { mean, percentilesOf, std, sum } from '../statistics.js';
import {
  CONTENT_ASSUMED,
  NO_INPUT_COUNT,
  NO_LAST_CONTENT,
  allOf,
  contentChunks,
  countedTokens,
  knownOf,
  lastContentMs,
  objectivesOf,
  once,
  over,
  totalOf,
} from './content.js';
import { Report, type Definition, type Tools } from './definition.js';

const TYPES = 'aiperf/metrics/types/';
const NO_OUTPUT_COUNT = 'the output tokens of a request are unknown';

/** AIPerf: everything starts and ends with chunks that have content; ITL is one number per request. */
export const aiperf: Definition = {
  name: 'aiperf',
  source: 'AIPerf 0.13.0; statistics by metric_dicts.py:54-84',
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
    const report = new Report(run);
    const reading = new AiperfReading(run, tools);
    reportTimes(report, reading);
    reportTokens(report, reading);
    reportRun(report, reading);
    report.note(
      !reading.tokenizes,
      'Tokens are those of the usage, as with --use-server-token-count; by default AIPerf tokenizes prompts and text (records/inference_result_parser.py:337-345), which needs records with text and a tokenizer.',
    );
    report.notes.push(
      CONTENT_ASSUMED,
      'Percentiles of inter_chunk_latency are exact here; AIPerf estimates them (list_metric_aggregation.py, t-digest).',
    );
    return report;
  },
};

class AiperfReading {
  readonly completed: readonly RequestRecord[];
  /** AIPerf counts tokens itself, unless it is set to use the server's count. */
  readonly tokenizes: boolean;
  readonly outputTokens: (request: RequestRecord) => number | undefined;
  readonly inputTokens: (request: RequestRecord) => number | undefined;

  constructor(
    readonly run: RunRecord,
    tools: Tools,
  ) {
    this.completed = completedOf(run);
    const counted = once((request) => countedTokens(request, tools));
    this.tokenizes = this.completed.length > 0 && allOf(this.completed.map(counted)) !== undefined;
    this.outputTokens = this.tokenizes ? counted : ({ outputTokens }) => outputTokens;
    this.inputTokens = ({ promptTokens, serverPromptTokens }) =>
      this.tokenizes ? promptTokens : serverPromptTokens;
  }

  readonly itl = (request: RequestRecord): number | undefined => {
    const tokens = this.outputTokens(request);
    const latency = lastContentMs(request);
    const ttft = contentMs(request);
    if (tokens === undefined || tokens < 2 || latency === undefined || ttft === undefined) return undefined;
    return (latency - ttft) / (tokens - 1);
  };

  /** Values of all requests, if each has one. */
  all(of: (request: RequestRecord) => number | undefined): number[] | undefined {
    return allOf(this.completed.map(of));
  }
}

function reportTimes(report: Report, reading: AiperfReading): void {
  const add = adder(report, 'ms');
  const chunks = reading.completed.map((request) => ({ ...request, chunkMs: contentChunks(request) ?? [] }));
  const known = reading.all(lastContentMs) !== undefined;
  const gaps = known ? gapsMs(chunks) : undefined;
  const secondTokens = known
    ? gapsMs(chunks.map((request) => ({ ...request, chunkMs: firstTwo(request.chunkMs) })))
    : undefined;
  add('time_to_first_token', reading.all(contentMs), 'ttft_metric.py:44-56', 'a response had no text');
  add('time_to_second_token', secondTokens, 'ttst_metric.py:27-52', NO_LAST_CONTENT);
  const noReasoning = "the records don't separate reasoning from other text";
  add('time_to_first_output_token', undefined, 'time_to_first_output_token_metric.py:44-86', noReasoning);
  add('request_latency', reading.all(lastContentMs), 'request_latency_metric.py:38-49', NO_LAST_CONTENT);
  add('inter_chunk_latency', gaps, 'inter_chunk_latency_metric.py:40-74', NO_LAST_CONTENT);
  const effective = statisticsOf(numbersOf(reading.run.requests, effectiveMs));
  report.add('effective_latency', 'ms', effective, 'aiperf/metrics/derived_latency.py:124-163');
}

function reportTokens(report: Report, reading: AiperfReading): void {
  const [times, rates, counts] = [adder(report, 'ms'), adder(report, 'tok/s'), adder(report, 'tokens')];
  const latencies = reading.all(lastContentMs);
  const lengths = reading.all(reading.outputTokens);
  const unknown = latencies === undefined ? NO_LAST_CONTENT : NO_OUTPUT_COUNT;
  const measured = latencies !== undefined && lengths !== undefined;
  const itls = measured ? knownOf(reading.completed.map(reading.itl)) : undefined;
  const perUser = itls?.filter((itl) => itl > 0).map((itl) => 1000 / itl);
  const whole = measured
    ? lengths.map((length, i) => (1000 * length) / (latencies[i] ?? NaN)).filter(Number.isFinite)
    : undefined;
  times('inter_token_latency', itls, 'inter_token_latency_metric.py:63-102', unknown);
  rates('output_token_throughput_per_user', perUser, 'output_token_throughput_metrics.py:64-78', unknown);
  rates('e2e_output_token_throughput', whole, 'e2e_output_throughput_metric.py:38-52', unknown);
  counts('output_sequence_length', lengths, 'output_sequence_length_metric.py:32-50', NO_OUTPUT_COUNT);
  counts(
    'input_sequence_length',
    reading.all(reading.inputTokens),
    'input_sequence_length_metric.py:28-42',
    NO_INPUT_COUNT,
  );
}

function reportRun(report: Report, reading: AiperfReading): void {
  const { completed, run } = reading;
  const seconds = durationS(completed);
  const failed = run.requests.length - completed.length;
  const output = totalOf(completed.map(reading.outputTokens));
  const input = totalOf(completed.map(reading.inputTokens));
  const both = input === undefined || output === undefined ? undefined : input + output;
  const noTokens = output === undefined ? NO_OUTPUT_COUNT : NO_LAST_CONTENT;
  const add = (key: string, unit: string, value: number | undefined, file: string, reason?: string) =>
    report.add(key, unit, value, TYPES + file, reason);
  add('request_count', '', completed.length, 'request_count_metric.py');
  add('error_request_count', '', failed, 'error_request_count.py');
  add(
    'request_error_rate',
    '%',
    (100 * failed) / (run.requests.length || 1),
    'request_error_rate_metric.py:46-52',
  );
  add('total_osl', 'tokens', output, 'output_sequence_length_metric.py', NO_OUTPUT_COUNT);
  add('total_isl', 'tokens', input, 'input_sequence_length_metric.py', NO_INPUT_COUNT);
  add('benchmark_duration', 's', seconds, 'benchmark_duration_metric.py:34-46', NO_LAST_CONTENT);
  add(
    'request_throughput',
    'req/s',
    over(completed.length, seconds),
    'request_throughput_metric.py:31-37',
    NO_LAST_CONTENT,
  );
  add(
    'output_token_throughput',
    'tok/s',
    over(output, seconds),
    'output_token_throughput_metrics.py:36-42',
    noTokens,
  );
  add('total_token_throughput', 'tok/s', over(both, seconds), 'total_token_throughput.py:37-46', noTokens);
  const objectives = objectivesOf(run);
  if (objectives === undefined) return;
  const known = objectives.tpotMs === undefined || reading.all(reading.outputTokens) !== undefined;
  const good = known ? completed.filter((request) => isGood(request, reading)).length : undefined;
  const goodput = 'goodput_metric.py:29-36; good_request_count_metric.py:65-97';
  add('goodput', 'req/s', over(good, seconds), goodput, known ? NO_LAST_CONTENT : NO_OUTPUT_COUNT);
}

/** A request that lacks one of the objectives' metrics isn't good. */
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

/** From when a request was due, which is when AIPerf issues a credit, to its end, whatever the outcome. */
function effectiveMs({ scheduledMs, doneMs }: RequestRecord): number | undefined {
  return doneMs === undefined ? undefined : doneMs - scheduledMs;
}

function firstTwo(chunkMs: ArrayLike<number>): ArrayLike<number> {
  return Array.from({ length: Math.min(2, chunkMs.length) }, (_, i) => chunkMs[i] ?? 0);
}

function adder(report: Report, unit: string) {
  return (key: string, samples: ArrayLike<number> | undefined, file: string, reason: string): void =>
    report.add(
      key,
      unit,
      statisticsOf(samples ?? []),
      TYPES + file,
      samples === undefined ? reason : undefined,
    );
}

/** Linear percentiles, population standard deviation. */
function statisticsOf(samples: ArrayLike<number>): Record<string, number> | undefined {
  if (samples.length === 0) return undefined;
  const values = new Float64Array(samples).sort();
  const percentiles = percentilesOf(values, [1, 5, 10, 25, 50, 75, 90, 95, 99]);
  return {
    avg: mean(values) ?? 0,
    sum: sum(values),
    min: values[0] ?? 0,
    max: values[values.length - 1] ?? 0,
    ...percentiles,
    std: std(values) ?? 0,
  };
}
