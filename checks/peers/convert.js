// @ts-check
/**
 * Converts a peer's own result to the keys that the harness reads, those of benchmark_serving.py, as far as the peer has them:
 *
 * node checks/peers/convert.js PEER FROM TO
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';

/** @typedef {{ mean: number, median: number, p99: number }} Statistics ms */

/** @type {Record<string, (result: any) => { totals: Record<string, number>, metrics: Record<string, Statistics> }>} */
const READERS = {
  /** Its inter_token_latency is the mean of a request, so it is the others' TPOT; inter_chunk_latency has the gaps. */
  aiperf(result) {
    const of = (/** @type {any} */ { avg, p50, p99 }) => ({ mean: avg, median: p50, p99 });
    return {
      totals: {
        duration: result.benchmark_duration.avg,
        completed: result.request_count.avg,
        total_output_tokens: result.total_output_tokens.avg,
        output_throughput: result.output_token_throughput.avg,
      },
      metrics: {
        ttft: of(result.time_to_first_token),
        tpot: of(result.inter_token_latency),
        itl: of(result.inter_chunk_latency),
        e2el: of(result.request_latency),
      },
    };
  },

  /**
   * Its inter_token_latency_ms is the mean of a request, weighted by tokens; time_per_output_token_ms also counts the first token, which
   * differs from the TPOT of all others. It has no gaps. Times are in seconds unless the key has another unit.
   */
  guidellm({ benchmarks: [{ metrics, scheduler_metrics: times }] }) {
    const of = (/** @type {any} */ { successful: { mean, median, percentiles } }, scale = 1) => ({
      mean: mean * scale,
      median: median * scale,
      p99: percentiles.p99 * scale,
    });
    return {
      totals: {
        duration: times.request_end_time - times.request_start_time,
        completed: metrics.request_totals.successful,
        total_output_tokens: metrics.output_token_count.successful.total_sum,
        output_throughput: metrics.output_tokens_per_second.successful.mean,
      },
      metrics: {
        ttft: of(metrics.time_to_first_token_ms),
        tpot: of(metrics.inter_token_latency_ms),
        e2el: of(metrics.request_latency, 1000),
      },
    };
  },
};

const [peer = '', from = '', to = ''] = argv.slice(2);
const read = READERS[peer];
if (read === undefined) throw new Error(`${peer} is not one of ${Object.keys(READERS).join(', ')}`);
const { totals, metrics } = read(JSON.parse(readFileSync(from, 'utf8')));
const flat = Object.entries(metrics).flatMap(([name, statistics]) =>
  Object.entries(statistics).map(([statistic, ms]) => [`${statistic}_${name}_ms`, ms]),
);
writeFileSync(to, JSON.stringify({ ...totals, ...Object.fromEntries(flat) }));
