import type { RunRecord } from '../../load/records/record.js';
import type { Quantity } from '../../load/server-metrics/quantities.js';
import type { ServerMetricsRecord } from '../../load/server-metrics/server-metrics.js';
import type { MetricOutput, MetricPlugin } from '../../plugin/metric.js';
import { known } from '../known.js';
import { mean } from '../statistics.js';

const SCRAPED = "from the server's own metrics, scraped during the run. Source: Sweepline.";
const LEVEL = `over the scrapes of the measured window, ${SCRAPED}`;

/** The server's own metrics over the measured window. */
export const serverMetrics: MetricPlugin = {
  kind: 'metric',
  name: 'server-metrics',
  apiVersion: 2,
  outputs: [
    output('server_mean_kv_cache_use', 'Mean KV-cache use', `Share of the KV cache in use, mean ${LEVEL}`),
    output('server_max_kv_cache_use', 'Peak KV-cache use', `Share of the KV cache in use, highest ${LEVEL}`),
    output('server_mean_running', 'Mean running', `Requests that are being computed, mean ${LEVEL}`),
    output('server_max_running', 'Peak running', `Requests that are being computed, highest ${LEVEL}`),
    output('server_mean_waiting', 'Mean queue', `Requests waiting in the queue, mean ${LEVEL}`),
    output('server_max_waiting', 'Peak queue', `Requests waiting in the queue, highest ${LEVEL}`),
    output('server_prompt_tokens', 'Prompt tokens (server)', `Prompt tokens counted, ${SCRAPED}`),
    output('server_generation_tokens', 'Output tokens (server)', `Output tokens counted, ${SCRAPED}`),
    output(
      'server_preemptions',
      'Preemptions',
      `Requests evicted from the KV cache in favour of others, ${SCRAPED}`,
    ),
    output(
      'server_prefix_cache_hit_rate',
      'Prefix-cache hits',
      `Share of prompt tokens (or blocks) that were in the prefix cache; the mean of the server's ratio if it doesn't count hits; ${SCRAPED}`,
    ),
    output(
      'server_acceptance_length',
      'Acceptance length',
      `Tokens per step of speculative decoding, 1 + accepted tokens / drafts (vLLM, v1/spec_decode/metrics.py); the mean of the server's figure if it doesn't count drafts; ${SCRAPED}`,
    ),
    output(
      'server_acceptance_rate',
      'Acceptance rate',
      `Share of draft tokens that were accepted; the mean of the server's ratio if it doesn't count them; ${SCRAPED}`,
    ),
  ],
  compute: ({ server, window }) => (server === undefined ? {} : known(digest(new Window(server, window)))),
};

function digest(window: Window): Readonly<Record<string, number | undefined>> {
  const { counted, gauge, drafting } = window;
  const perDraft = ratio(counted('acceptedTokens'), counted('drafts'));
  return {
    server_mean_kv_cache_use: mean(gauge('kvCacheUse')),
    server_max_kv_cache_use: max(gauge('kvCacheUse')),
    server_mean_running: mean(gauge('running')),
    server_max_running: max(gauge('running')),
    server_mean_waiting: mean(gauge('waiting')),
    server_max_waiting: max(gauge('waiting')),
    server_prompt_tokens: window.total('promptTokens'),
    server_generation_tokens: window.total('generationTokens'),
    server_preemptions: window.total('preemptions'),
    server_prefix_cache_hit_rate:
      ratio(counted('prefixHits'), counted('prefixQueries')) ?? mean(gauge('prefixHitRate')),
    server_acceptance_length: perDraft === undefined ? mean(drafting('acceptanceLength')) : 1 + perDraft,
    server_acceptance_rate:
      ratio(counted('acceptedTokens'), counted('draftTokens')) ?? mean(drafting('acceptanceRate')),
  };
}

/** The columns, limited to the measured window. */
class Window {
  constructor(
    private readonly server: ServerMetricsRecord,
    private readonly window: RunRecord['window'],
  ) {}

  /** Values of the scrapes within the window. */
  readonly gauge = (quantity: Quantity): readonly number[] => this.rows(quantity, () => true);

  /** Values of scrapes during which drafts were made: a server that makes none reports 0 tokens per step. */
  readonly drafting = (quantity: Quantity): readonly number[] =>
    this.rows(quantity, (row) => (this.server.columns.acceptanceLength?.[row] ?? 0) >= 1);

  /** The count up to the last scrape. */
  readonly counted = (quantity: Quantity): number | undefined =>
    this.server.columns[quantity]?.findLast((value) => value !== null) ?? undefined;

  /** The count over the whole window; unknown without a scrape after its end. */
  total(quantity: Quantity): number | undefined {
    const last = this.server.timesMs.at(-1) ?? -Infinity;
    return last >= this.window.endMs ? (this.server.columns[quantity]?.at(-1) ?? undefined) : undefined;
  }

  private rows(quantity: Quantity, isUsed: (row: number) => boolean): readonly number[] {
    const { timesMs, columns } = this.server;
    const { startMs, endMs } = this.window;
    return (columns[quantity] ?? []).filter((value, row): value is number => {
      const at = timesMs[row] ?? NaN;
      return value !== null && at >= startMs && at <= endMs && isUsed(row);
    });
  }
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole;
}

function max(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b));
}

function output(key: string, label: string, definition: string): MetricOutput {
  return { key, label, unit: '', better: 'neither', definition, level: 'raw' };
}
