import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, contentMs, e2elMs } from '../request.js';
import { mean, percentilesOf, std, sum } from '../statistics.js';
import {
  allOf,
  countedTokens,
  knownOf,
  NO_INPUT_COUNT,
  NO_USAGE,
  once,
  over,
  totalOf,
  windowS,
} from './content.js';
import { Report, type Definition, type Tools } from './definition.js';

const COLLECT = 'genai_bench/metrics/request_metrics_collector.py';
const AGGREGATE = 'genai_bench/metrics/aggregated_metrics_collector.py';

/** Shorter outputs have no TPOT: aggregated_metrics_collector.py:80-119. */
const SHORTEST_OUTPUT_S = 0.001;

/** genai-bench: a request ends with its usage chunk or the end of its stream; all times are in seconds. */
export const genaiBench: Definition = {
  name: 'genai-bench',
  source: 'genai-bench 0.0.5 (sgl-project/genai-bench 7fd04d8c53b1)',
  headlines: {
    'mean TTFT': 'stats.ttft:mean',
    'mean TPOT': 'stats.tpot:mean',
    'mean E2EL': 'stats.e2e_latency:mean',
    'p99 TTFT': 'stats.ttft:p99',
    'p99 E2EL': 'stats.e2e_latency:p99',
    'request throughput': 'requests_per_second',
    'output throughput': 'mean_output_throughput_tokens_per_s',
  },
  recompute(run, tools) {
    const report = new Report(run);
    const completed = completedOf(run);
    const requests = completed.map(metricsFor(tools));
    reportRequests(report, requests);
    reportRun(report, run, requests);
    report.note(
      run.spec.endpoint.api !== 'chat',
      `It supports only chat endpoints; this run used ${run.spec.endpoint.api}.`,
    );
    report.notes.push(
      "run_duration is that of this run; genai-bench's starts when users are spawned and ends when all have stopped (cli.py:445-467).",
    );
    return report;
  },
};

type RequestMetrics = Readonly<Record<(typeof FIELDS)[number][0], number | undefined>>;

/** Fields of a request, their units, and where they are computed. */
const FIELDS = [
  ['ttft', 's', `${COLLECT}:47; genai_bench/user/openai_user.py:490-498`],
  ['tpot', 's', `${COLLECT}:86-89`],
  ['e2e_latency', 's', `${COLLECT}:48; genai_bench/user/openai_user.py:525`],
  ['output_latency', 's', `${COLLECT}:83`],
  ['output_inference_speed', 'tok/s', `${COLLECT}:90`],
  ['num_input_tokens', '', `${COLLECT}:46; genai_bench/user/openai_user.py:581-584`],
  ['num_output_tokens', '', `${COLLECT}:80; genai_bench/user/openai_user.py:536-539`],
  ['total_tokens', '', `${COLLECT}:49, :82`],
  ['input_throughput', 'tok/s', `${COLLECT}:52-56`],
  ['output_throughput', 'tok/s', `${COLLECT}:91-95`],
] as const;

/** Fields that genai-bench leaves out for short answers; the others exist for all requests, or the run can't give them. */
const PARTIAL: ReadonlySet<string> = new Set(['tpot', 'output_inference_speed', 'output_throughput']);

function metricsFor(tools: Tools): (request: RequestRecord) => RequestMetrics {
  const outputTokens = once((request) => request.outputTokens || countedTokens(request, tools));
  return (request) => {
    const ttft = seconds(contentMs(request));
    const e2e = seconds(latencyMs(request));
    const input = request.serverPromptTokens ?? request.promptTokens;
    const output = outputTokens(request);
    const rest = e2e === undefined || ttft === undefined ? undefined : e2e - ttft;
    const tpot = rest === undefined || output === undefined || output <= 1 ? undefined : rest / (output - 1);
    const reliable = rest === undefined || rest < SHORTEST_OUTPUT_S ? undefined : tpot;
    return {
      ttft,
      tpot: reliable,
      e2e_latency: e2e,
      output_latency: rest,
      output_inference_speed: reliable === undefined ? undefined : 1 / reliable,
      num_input_tokens: input,
      num_output_tokens: output,
      total_tokens: input === undefined || output === undefined ? undefined : input + output,
      input_throughput: input === undefined || !ttft ? undefined : input / ttft,
      output_throughput: tpot === undefined ? undefined : tpot === 0 ? 0 : 1 / tpot,
    };
  };
}

function reportRequests(report: Report, requests: readonly RequestMetrics[]): void {
  const counted = allOf(requests.map(({ num_output_tokens }) => num_output_tokens)) !== undefined;
  for (const [field, unit, source] of FIELDS) {
    const values = requests.map((metrics) => metrics[field]);
    const samples = PARTIAL.has(field) ? (counted ? knownOf(values) : undefined) : allOf(values);
    report.add(
      `stats.${field}`,
      unit,
      statisticsOf(samples ?? []),
      `${source}; ${AGGREGATE}:216-228`,
      samples === undefined ? reasonOf(field) : undefined,
    );
  }
  report.add(
    'stats.num_reasoning_tokens',
    '',
    undefined,
    `${COLLECT}:81`,
    "the records don't separate reasoning from other text",
  );
}

function reportRun(report: Report, run: RunRecord, requests: readonly RequestMetrics[]): void {
  const duration = windowS(run);
  const rate = (field: (typeof FIELDS)[number][0]) =>
    over(totalOf(requests.map((metrics) => metrics[field])), duration);
  const failed = run.requests.length - requests.length;
  report.add('run_duration', 's', duration, `${AGGREGATE}:231`);
  report.add(
    'mean_output_throughput_tokens_per_s',
    'tok/s',
    rate('num_output_tokens'),
    `${AGGREGATE}:238-240`,
    NO_USAGE,
  );
  report.add(
    'mean_input_throughput_tokens_per_s',
    'tok/s',
    rate('num_input_tokens'),
    `${AGGREGATE}:242-244`,
    NO_INPUT_COUNT,
  );
  report.add(
    'mean_total_tokens_throughput_tokens_per_s',
    'tok/s',
    rate('total_tokens'),
    `${AGGREGATE}:246-248`,
    NO_USAGE,
  );
  report.add('requests_per_second', 'req/s', over(requests.length, duration), `${AGGREGATE}:269-276`);
  report.add('num_completed_requests', '', requests.length, `${AGGREGATE}:55`);
  report.add('num_error_requests', '', failed, `${AGGREGATE}:251-253`);
  report.add('num_requests', '', run.requests.length, `${AGGREGATE}:277-280`);
  // Divided by num_requests, which is only set later, so it is 0 no matter what failed.
  report.add('error_rate', '', 0, `${AGGREGATE}:254-259 before :277`);
}

/** Until the chunk with the usage, which may be that of the last text; without usage, until the end of the stream. */
function latencyMs(request: RequestRecord): number | undefined {
  const { sentMs, usageMs, outputTokens, doneMs } = request;
  if (usageMs === undefined && outputTokens !== undefined) return e2elMs(request);
  const end = usageMs ?? doneMs;
  return sentMs === undefined || end === undefined ? undefined : end - sentMs;
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function reasonOf(field: string): string {
  if (field.includes('input')) return NO_INPUT_COUNT;
  return field === 'ttft' || field.includes('latency') ? 'a response had no text, or no end' : NO_USAGE;
}

function statisticsOf(samples: readonly number[]): Record<string, number> | undefined {
  if (samples.length === 0) return undefined;
  const values = Float64Array.from(samples).sort();
  const percentiles = percentilesOf(values, [25, 50, 75, 90, 95, 99]);
  return {
    min: values[0] ?? 0,
    max: values[values.length - 1] ?? 0,
    mean: mean(values) ?? 0,
    stddev: std(values) ?? 0,
    sum: sum(values),
    ...percentiles,
  };
}
