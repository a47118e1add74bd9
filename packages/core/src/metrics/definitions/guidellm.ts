import type { RequestRecord, RunRecord } from '../../load/record.js';
import { concurrencyOf, meanConcurrency } from '../concurrency.js';
import { completedOf, contentMs } from '../request.js';
import {
  CONTENT_ASSUMED,
  NO_INPUT_COUNT,
  NO_LAST_CONTENT,
  allOf,
  contentChunks,
  lastContentMs,
  over,
  totalOf,
  windowS,
} from './content.js';
import { Report, type Definition } from './definition.js';
import { distribution, type Weighted } from './weighted.js';

const STATS = 'src/guidellm/schemas/request_stats.py';
const METRICS = 'src/guidellm/benchmark/schemas/metrics.py';
const NO_OUTPUT_COUNT = 'a response has neither usage nor known chunks with text';

/** guidellm: TPOT includes the time to the first token, latencies per token are weighted by tokens, requests last until their stream is closed. */
export const guidellm: Definition = {
  name: 'guidellm',
  source: 'guidellm 0.7.3 (vllm-project/guidellm ee7a77457ba6); successful requests',
  headlines: {
    'mean TTFT': 'time_to_first_token_ms:mean',
    'mean TPOT': 'time_per_output_token_ms:mean',
    'mean ITL': 'inter_token_latency_ms:mean',
    'mean E2EL': 'request_latency:mean',
    'p99 TTFT': 'time_to_first_token_ms:p99',
    'p99 E2EL': 'request_latency:p99',
    'request throughput': 'requests_per_second:mean',
    'output throughput': 'output_tokens_per_second:mean',
  },
  recompute(run) {
    const report = new Report();
    const completed = completedOf(run);
    reportRequests(report, run, completed);
    reportTokens(report, completed);
    reportRates(report, completed);
    report.note(
      completed.some(({ outputTokens }) => outputTokens === undefined),
      'A response without usage counts a token for each chunk with text (request_stats.py:139-142).',
    );
    report.notes.push(
      CONTENT_ASSUMED,
      'Of rates and concurrency only means are given: those of guidellm, to within the 0.1 ms in which it puts events together (statistics.py:318).',
      'Rates of tokens are over the time from their first to their last event, the first TTFT left out (metrics.py:966-983).',
    );
    return report;
  },
};

function reportRequests(report: Report, run: RunRecord, completed: readonly RequestRecord[]): void {
  const incomplete = run.requests.filter(({ state }) => state === 'cancelled').length;
  const latencies = allOf(completed.map(latencyS));
  const concurrency = meanConcurrency(concurrencyOf(completed), run.window);
  report.add('request_totals.successful', '', completed.length, `${METRICS}:876-881`);
  report.add('request_totals.incomplete', '', incomplete, `${METRICS}:876-881`);
  report.add(
    'request_totals.errored',
    '',
    run.requests.length - completed.length - incomplete,
    `${METRICS}:876-881`,
  );
  addMean(report, 'requests_per_second', '', over(completed.length, windowS(run)), `${METRICS}:882-889`);
  addMean(report, 'request_concurrency', '', concurrency, `${METRICS}:890-904`);
  addEach(
    report,
    'request_latency',
    's',
    latencies?.map(unweighted),
    `${STATS}:103-114`,
    'the end of a response is not known',
  );
}

function reportTokens(report: Report, completed: readonly RequestRecord[]): void {
  const prompts = allOf(completed.map(inputTokens));
  const outputs = allOf(completed.map(outputTokens));
  const ends = allOf(completed.map(lastContentMs));
  const unknown = outputs === undefined ? NO_OUTPUT_COUNT : NO_LAST_CONTENT;
  addEach(report, 'prompt_token_count', '', prompts?.map(unweighted), `${STATS}:119-123`, NO_INPUT_COUNT);
  addEach(report, 'output_token_count', '', outputs?.map(unweighted), `${STATS}:135-144`, NO_OUTPUT_COUNT);
  addEach(
    report,
    'time_to_first_token_ms',
    'ms',
    allOf(completed.map(contentMs))?.map(unweighted),
    `${STATS}:162-171`,
    'a response had no text',
  );
  report.add(
    'time_to_first_output_token_ms',
    'ms',
    undefined,
    `${STATS}:237-252`,
    'the records do not tell reasoning from other text',
  );
  const weighted = (of: (request: RequestRecord) => Weighted | undefined): Weighted[] | undefined =>
    outputs === undefined || ends === undefined
      ? undefined
      : completed.map(of).filter((sample) => sample !== undefined);
  addEach(
    report,
    'time_per_output_token_ms',
    'ms',
    weighted(tpot),
    `${STATS}:175-192; ${METRICS}:948-956`,
    unknown,
  );
  addEach(
    report,
    'inter_token_latency_ms',
    'ms',
    weighted(itl),
    `${STATS}:196-213; ${METRICS}:957-965`,
    unknown,
  );
}

function reportRates(report: Report, completed: readonly RequestRecord[]): void {
  const firsts = allOf(completed.map(({ firstContentMs }) => firstContentMs));
  const lasts = allOf(completed.map(({ lastContentMs: last }) => last));
  const input = totalOf(completed.map(inputTokens));
  const output = totalOf(completed.map(outputTokens));
  const both = input === undefined || output === undefined ? undefined : input + output;
  // A response in one piece has one event, when it came.
  const all = firsts === undefined || lasts === undefined ? undefined : [...firsts, ...lasts];
  const starts = allOf(
    completed.map((request) =>
      (contentChunks(request)?.length ?? 0) > 1 ? request.firstContentMs : request.lastContentMs,
    ),
  );
  const outputTimes = starts === undefined || lasts === undefined ? undefined : [...starts, ...lasts];
  addMean(
    report,
    'prompt_tokens_per_second',
    'tok/s',
    over(input, spanS(firsts)),
    `${METRICS}:966-971`,
    NO_INPUT_COUNT,
  );
  addMean(
    report,
    'output_tokens_per_second',
    'tok/s',
    over(output, spanS(outputTimes)),
    `${METRICS}:972-977`,
    NO_LAST_CONTENT,
  );
  addMean(
    report,
    'tokens_per_second',
    'tok/s',
    over(both, spanS(all)),
    `${METRICS}:978-983`,
    NO_LAST_CONTENT,
  );
}

/** Its usage's count is preferred to the client's. */
function inputTokens({ serverPromptTokens, promptTokens }: RequestRecord): number | undefined {
  return serverPromptTokens ?? promptTokens;
}

function outputTokens(request: RequestRecord): number | undefined {
  return request.outputTokens ?? contentChunks(request)?.length;
}

function latencyS({ sentMs, doneMs }: RequestRecord): number | undefined {
  return sentMs === undefined || doneMs === undefined ? undefined : (doneMs - sentMs) / 1000;
}

function tpot(request: RequestRecord): Weighted | undefined {
  const end = lastContentMs(request);
  const tokens = outputTokens(request);
  return end === undefined || !tokens ? undefined : [end / tokens, tokens];
}

function itl(request: RequestRecord): Weighted | undefined {
  const first = contentMs(request);
  const end = lastContentMs(request);
  const tokens = outputTokens(request);
  if (first === undefined || end === undefined || tokens === undefined || tokens <= 1) return undefined;
  return [(end - first) / (tokens - 1), tokens - 1];
}

function unweighted(value: number): Weighted {
  return [value, 1];
}

/** From the first to the last of them; undefined for a single moment. */
function spanS(times: readonly number[] | undefined): number | undefined {
  if (times === undefined || times.length === 0) return undefined;
  const seconds = (times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b))) / 1000;
  return seconds > 0 ? seconds : undefined;
}

function addEach(
  report: Report,
  key: string,
  unit: string,
  samples: readonly Weighted[] | undefined,
  source: string,
  reason: string,
): void {
  report.add(key, unit, distribution(samples ?? []), source, samples === undefined ? reason : undefined);
}

function addMean(
  report: Report,
  key: string,
  unit: string,
  mean: number | undefined,
  source: string,
  reason?: string,
): void {
  report.add(key, unit, mean === undefined ? undefined : { mean }, source, reason);
}
