import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, gapsMs, ttftMs } from '../request.js';
import { STATISTICS, summarize } from '../statistics.js';
import { allOf, knownOf, objectivesOf, over, totalOf, windowS } from './content.js';
import type { Definition, Report } from './definition.js';

/** How a client of the benchmark_serving.py family interprets a request. */
export interface Reading {
  readonly inputTokens: (request: RequestRecord) => number | undefined;
  readonly outputTokens: (request: RequestRecord) => number | undefined;
  /** Request sent to what the client considers its end, ms. */
  readonly latencyMs: (request: RequestRecord) => number | undefined;
  readonly goodputKey: string;
  /** Where it computes its metrics, and where it takes timestamps. */
  readonly source: string;
  /** Why its token counts may be unknown. */
  readonly reasons: { readonly input: string; readonly output: string };
}

/** Headlines of the family. */
export const SERVING_HEADLINES: Definition['headlines'] = {
  'mean TTFT': 'mean_ttft_ms',
  'mean TPOT': 'mean_tpot_ms',
  'mean ITL': 'mean_itl_ms',
  'mean E2EL': 'mean_e2el_ms',
  'p99 TTFT': 'p99_ttft_ms',
  'p99 E2EL': 'p99_e2el_ms',
  'request throughput': 'request_throughput',
  'output throughput': 'output_throughput',
};

/** The metrics that vLLM's benchmark_serving.py and its descendants share, in the order of their result files. */
export function reportServing(report: Report, run: RunRecord, reading: Reading): void {
  const { source, reasons } = reading;
  const completed = completedOf(run);
  const duration = windowS(run);
  const input = totalOf(completed.map(reading.inputTokens));
  const output = totalOf(completed.map(reading.outputTokens));
  const both = input === undefined || output === undefined ? undefined : input + output;
  report.add('duration', 's', duration, source);
  report.add('completed', '', completed.length, source);
  report.add('total_input_tokens', '', input, source, reasons.input);
  report.add('total_output_tokens', '', output, source, reasons.output);
  report.add('request_throughput', 'req/s', over(completed.length, duration), source);
  reportGoodput(report, run, reading);
  report.add('output_throughput', 'tok/s', over(output, duration), source, reasons.output);
  const unknown = output === undefined ? reasons.output : reasons.input;
  report.add('total_token_throughput', 'tok/s', over(both, duration), source, unknown);
  reportLatencies(report, completed, reading);
}

function reportGoodput(report: Report, run: RunRecord, reading: Reading): void {
  const objectives = objectivesOf(run);
  if (objectives === undefined) return;
  const { ttftMs: ttft, tpotMs: tpot, e2elMs: e2el } = objectives;
  const limits = [ttft, tpot, e2el];
  const good = completedOf(run).map((request) => {
    // A request with at most one token has no TPOT, and counts with 0.
    const measured = [ttftMs(request), tpotOf(request, reading), reading.latencyMs(request)];
    return limits.every((limit, i) => limit === undefined || (measured[i] ?? 0) <= limit) ? 1 : 0;
  });
  const known = tpot === undefined || allOf(completedOf(run).map(reading.outputTokens)) !== undefined;
  const goodput = known ? over(totalOf(good), windowS(run)) : undefined;
  report.add(reading.goodputKey, 'req/s', goodput, reading.source, reading.reasons.output);
}

function reportLatencies(report: Report, completed: readonly RequestRecord[], reading: Reading): void {
  const { reasons } = reading;
  const latencies = allOf(completed.map(reading.latencyMs));
  const lengths = allOf(completed.map(reading.outputTokens));
  const tpots = lengths && knownOf(completed.map((request) => tpotOf(request, reading)));
  const ttfts = allOf(completed.map(ttftMs));
  reportStatistics(report, 'ttft', ttfts, reading.source);
  reportStatistics(report, 'tpot', tpots, reading.source, reasons.output);
  reportStatistics(report, 'itl', gapsMs(completed), reading.source);
  reportStatistics(report, 'e2el', latencies, reading.source);
}

function reportStatistics(
  report: Report,
  key: string,
  samples: ArrayLike<number> | undefined,
  source: string,
  reason?: string,
): void {
  const why = samples === undefined ? reason : 'there is no sample of it; the client writes 0 in this case';
  const statistics = summarize(samples ?? []);
  for (const name of STATISTICS) report.add(`${name}_${key}_ms`, 'ms', statistics[name], source, why);
}

function tpotOf(request: RequestRecord, reading: Reading): number | undefined {
  const tokens = reading.outputTokens(request);
  const latency = reading.latencyMs(request);
  const ttft = ttftMs(request);
  if (tokens === undefined || tokens <= 1 || latency === undefined || ttft === undefined) return undefined;
  return (latency - ttft) / (tokens - 1);
}
