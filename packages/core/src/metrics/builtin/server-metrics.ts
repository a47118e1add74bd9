import type { RunRecord } from '../../load/records/record.js';
import type { Quantity } from '../../load/server-metrics/quantities.js';
import type { ServerMetricsRecord } from '../../load/server-metrics/server-metrics.js';
import type { MetricOutput, MetricPlugin } from '../../plugin/metric.js';
import { known } from '../known.js';
import { mean } from '../statistics.js';

const SCRAPED = "from the server's own metrics, scraped during the run. Source: Sweepline.";
const LEVEL = `over the scrapes of the measured window, ${SCRAPED}`;

/** What the server says of itself over the measured window. */
export const serverMetrics: MetricPlugin = {
  kind: 'metric',
  name: 'server-metrics',
  apiVersion: 2,
  outputs: [
    output('server_mean_kv_cache_use', 'Mean KV-cache use', `Share of the KV cache in use, mean ${LEVEL}`),
    output('server_max_kv_cache_use', 'Peak KV-cache use', `Share of the KV cache in use, highest ${LEVEL}`),
    output('server_mean_running', 'Mean running', `Requests that are computed, mean ${LEVEL}`),
    output('server_max_running', 'Peak running', `Requests that are computed, highest ${LEVEL}`),
    output('server_mean_waiting', 'Mean queue', `Requests that wait for their turn, mean ${LEVEL}`),
    output('server_max_waiting', 'Peak queue', `Requests that wait for their turn, highest ${LEVEL}`),
    output('server_prompt_tokens', 'Prompt tokens (server)', `Prompt tokens counted, ${SCRAPED}`),
    output('server_generation_tokens', 'Output tokens (server)', `Output tokens counted, ${SCRAPED}`),
    output('server_preemptions', 'Preemptions', `Requests thrown out of the KV cache for others, ${SCRAPED}`),
    output(
      'server_prefix_cache_hit_rate',
      'Prefix-cache hits',
      `Share of prompt tokens (or blocks) that were in the prefix cache; the mean of the server's ratio where it counts no hits; ${SCRAPED}`,
    ),
    output(
      'server_acceptance_length',
      'Acceptance length',
      `Tokens a step of speculative decoding, 1 + accepted tokens / drafts (vLLM, v1/spec_decode/metrics.py); the mean of the server's figure where it counts no drafts; ${SCRAPED}`,
    ),
    output(
      'server_acceptance_rate',
      'Acceptance rate',
      `Share of drafted tokens that were accepted; the mean of the server's ratio where it counts none; ${SCRAPED}`,
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

/** Columns as the measured window sees them. */
class Window {
  constructor(
    private readonly server: ServerMetricsRecord,
    private readonly window: RunRecord['window'],
  ) {}

  /** Values of the scrapes within. */
  readonly gauge = (quantity: Quantity): readonly number[] => this.rows(quantity, () => true);

  /** Those of scrapes at which drafts were being made: a server that makes none says that a step gives 0 tokens. */
  readonly drafting = (quantity: Quantity): readonly number[] =>
    this.rows(quantity, (row) => (this.server.columns.acceptanceLength?.[row] ?? 0) >= 1);

  /** What was counted up to the last scrape. */
  readonly counted = (quantity: Quantity): number | undefined =>
    this.server.columns[quantity]?.findLast((value) => value !== null) ?? undefined;

  /** What was counted over the whole window; unknown without a scrape after its end. */
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
