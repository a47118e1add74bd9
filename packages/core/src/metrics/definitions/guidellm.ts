import { hasSchedule } from '../../load/arrival/index.js';
import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { concurrencyOf, meanConcurrency } from '../concurrency.js';
import { completedOf, contentMs } from '../request.js';
import {
  CONTENT_ASSUMED,
  NO_INPUT_COUNT,
  NO_LAST_CONTENT,
  allOf,
  contentChunks,
  knownOf,
  lastContentMs,
  objectivesOf,
  over,
  totalOf,
  windowS,
} from './content.js';
import { Report, type Definition } from './definition.js';
import { distribution, type Weighted } from './weighted.js';

const STATS = 'guidellm/schemas/base/request_stats.py';
const METRICS = 'guidellm/benchmark/schemas/metrics.py';
const NO_OUTPUT_COUNT = 'a response has neither usage nor known chunks with text';
const NO_END = 'the end of a response is unknown';
const NO_TEXT = 'a response had no text';

/**
 * guidellm: TPOT includes the time to the first token, latencies per token are weighted by tokens, requests last until their
 * stream is closed.
 */
export const guidellm: Definition = {
  name: 'guidellm',
  source: 'guidellm 0.8.1; of successful requests',
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
    const report = new Report(run);
    const completed = completedOf(run);
    reportTotals(report, run);
    reportLatencies(report, run);
    reportRates(report, run);
    reportGoodput(report, run);
    report.note(
      completed.some(({ outputTokens }) => outputTokens === undefined),
      'A response without usage counts one token for each chunk with text (request_stats.py:241-244).',
    );
    report.notes.push(
      CONTENT_ASSUMED,
      'Rates and concurrency are given as means, within the 0.1 ms in which guidellm merges events (statistics.py:507).',
    );
    return report;
  },
};

function reportTotals(report: Report, run: RunRecord): void {
  const completed = completedOf(run);
  const incomplete = run.requests.filter(({ state }) => state === 'cancelled').length;
  const errored = run.requests.length - completed.length - incomplete;
  const source = `${METRICS}:1343-1348`;
  report.add('request_totals.successful', '', completed.length, source);
  report.add('request_totals.incomplete', '', incomplete, source);
  report.add('request_totals.errored', '', errored, source);
  const prompts = allOf(completed.map(inputTokens))?.map(unweighted);
  const outputs = allOf(completed.map(outputTokens))?.map(unweighted);
  addEach(report, 'prompt_token_count', '', prompts, `${METRICS}:1394-1400`, NO_INPUT_COUNT);
  addEach(report, 'output_token_count', '', outputs, `${METRICS}:1401-1407`, NO_OUTPUT_COUNT);
}

function reportLatencies(report: Report, run: RunRecord): void {
  const completed = completedOf(run);
  const each = (of: (request: RequestRecord) => number | undefined) =>
    allOf(completed.map(of))?.map(unweighted);
  const counted = allOf(completed.map(outputTokens)) !== undefined;
  const ended = allOf(completed.map(lastContentMs)) !== undefined;
  const perToken = (of: (request: RequestRecord) => Weighted | undefined) =>
    counted && ended ? completed.map(of).filter((sample) => sample !== undefined) : undefined;
  const unknown = counted ? NO_LAST_CONTENT : NO_OUTPUT_COUNT;
  addEach(report, 'request_latency', 's', each(latencyS), `${STATS}:111-122`, NO_END);
  if (hasSchedule(run.spec.arrival))
    addEach(report, 'request_scheduled_latency', 's', each(scheduledLatencyS), `${STATS}:198-216`, NO_END);
  addEach(report, 'time_to_first_token_ms', 'ms', each(contentMs), `${STATS}:264-273`, NO_TEXT);
  const noReasoning = "the records don't separate reasoning from other text";
  report.add('time_to_first_output_token_ms', 'ms', undefined, `${STATS}:380-393`, noReasoning);
  const tpots = `${STATS}:316-333; ${METRICS}:1457-1465`;
  addEach(report, 'time_per_output_token_ms', 'ms', perToken(tpot), tpots, unknown);
  const itls = `${STATS}:337-354; ${METRICS}:1466-1474`;
  addEach(report, 'inter_token_latency_ms', 'ms', perToken(itl), itls, unknown);
}

/** A mean of rates weighted by their duration is the total divided by the whole time: statistics.py:502-577. */
function reportRates(report: Report, run: RunRecord): void {
  const completed = completedOf(run);
  const seconds = windowS(run);
  const input = totalOf(completed.map(inputTokens));
  const output = totalOf(completed.map(outputTokens));
  const both = input === undefined || output === undefined ? undefined : input + output;
  const concurrency =
    completed.length === 0 ? undefined : meanConcurrency(concurrencyOf(completed), run.window);
  const add = (key: string, unit: string, mean: number | undefined, lines: string, reason?: string) =>
    report.add(key, unit, mean === undefined ? undefined : { mean }, `${METRICS}:${lines}`, reason);
  add('requests_per_second', 'req/s', over(completed.length, seconds), '1349-1356');
  add('request_concurrency', '', concurrency, '1357-1371');
  add('prompt_tokens_per_second', 'tok/s', over(input, seconds), '1475-1482', NO_INPUT_COUNT);
  add('output_tokens_per_second', 'tok/s', over(output, seconds), '1483-1490', NO_OUTPUT_COUNT);
  add('tokens_per_second', 'tok/s', over(both, seconds), '1491-1498', NO_OUTPUT_COUNT);
}

/** Its objective for times per token is the ITL; a request that lacks one of the objectives' metrics is not counted at all. */
function reportGoodput(report: Report, run: RunRecord): void {
  const objectives = objectivesOf(run);
  if (objectives === undefined) return;
  const { ttftMs, tpotMs, e2elMs } = objectives;
  const verdicts = completedOf(run).map((request) => {
    const latency = latencyS(request);
    const pairs = [
      [contentMs(request), ttftMs],
      [itl(request)?.[0], tpotMs],
      [latency === undefined ? undefined : 1000 * latency, e2elMs],
    ] as const;
    const asked = pairs.filter(([, limit]) => limit !== undefined);
    if (asked.some(([value]) => value === undefined)) return undefined;
    return asked.every(([value = Infinity, limit = Infinity]) => value <= limit) ? 1 : 0;
  });
  const errored = run.requests.filter(({ state }) => state === 'failed' || state === 'timed-out').length;
  const known = knownOf(verdicts);
  const determined = known.length + errored;
  const good = known.filter((verdict) => verdict === 1).length;
  const rate = determined === 0 ? undefined : over(good, windowS(run));
  const none = 'no request has all metrics of the objectives';
  report.add('slo_attainment', '', determined === 0 ? undefined : good / determined, `${METRICS}:1235`, none);
  report.add(
    'request_goodput',
    'req/s',
    rate === undefined ? undefined : { mean: rate },
    `${METRICS}:1226-1233`,
    none,
  );
}

/** It prefers the count in the usage to the client's. */
function inputTokens({ serverPromptTokens, promptTokens }: RequestRecord): number | undefined {
  return serverPromptTokens ?? promptTokens;
}

function outputTokens(request: RequestRecord): number | undefined {
  return request.outputTokens ?? contentChunks(request)?.length;
}

function latencyS({ sentMs, doneMs }: RequestRecord): number | undefined {
  return sentMs === undefined || doneMs === undefined ? undefined : (doneMs - sentMs) / 1000;
}

function scheduledLatencyS({ scheduledMs, doneMs }: RequestRecord): number | undefined {
  return doneMs === undefined ? undefined : (doneMs - scheduledMs) / 1000;
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
