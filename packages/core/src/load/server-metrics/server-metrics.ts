import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { Access } from '../client/access.js';
import type { Clock } from '../health/clock.js';
import type { LoadSpec } from '../spec/spec.js';
import { namesWith } from './engines/index.js';
import type { Sample } from './exposition.js';
import { quantitySchema } from './quantities.js';
import { createScraper, isAbsent, type Scraper } from './scraper.js';
import { MetricsTable } from './table.js';

/** Paths of metrics: TensorRT-LLM has JSON at `/metrics` and text below `/prometheus`, all others have text at `/metrics`. */
const PATHS = ['/prometheus/metrics', '/metrics'] as const;

const INTERVAL_S = 1;

/** A server's own metrics during the load. */
export const serverMetricsRecordSchema = z.object({
  /** Path of the metrics below the endpoint's base URL. */
  path: z.string(),
  intervalS: z.number(),
  /** Number of scrapes, and of those without a usable answer. */
  scrapes: z.object({ sent: z.number(), failed: z.number() }),
  /** Names of the samples in the columns. */
  names: z.partialRecord(quantitySchema, z.string()),
  /** When each answer arrived, ms since the run's origin. The first one is from before the load, the last one from after it. */
  timesMs: z.array(z.number()),
  /** One value per time, null if there was none: gauges as reported, counters since the first time. */
  columns: z.partialRecord(quantitySchema, z.array(z.number().nullable())),
});

export type ServerMetricsRecord = z.output<typeof serverMetricsRecordSchema>;

/** Scrapes until it is stopped. */
export interface ServerMetricsWatch {
  /** On the first call, scrapes once more; undefined when the server reported no known metric. Never rejects. */
  stop(): Promise<ServerMetricsRecord | undefined>;
}

/**
 * Scrapes the metrics of the endpoint's server during its load, one scrape at a time. Resolves after the first scrape, which must
 * come before the load: counters count from there. Never rejects; a server without metrics is ignored. `onProblem` is called with
 * the reason if metrics were requested or exist but can't be read.
 */
export async function startServerMetrics(
  spec: Pick<LoadSpec, 'endpoint' | 'serverMetrics'>,
  clock: Clock,
  access: Access = {},
  onProblem: (message: string) => void = () => {},
): Promise<ServerMetricsWatch> {
  const { serverMetrics: settings = {}, endpoint } = spec;
  const nothing: ServerMetricsWatch = { stop: () => Promise.resolve(undefined) };
  if (settings === false) return nothing;
  const names = namesWith(settings.names);
  const wanted = new Set(Object.values(names).flat());
  const problems: string[] = [];
  for (const path of settings.path === undefined ? PATHS : [settings.path]) {
    const url = new URL(endpoint.baseUrl.replace(/\/+$/, '') + path);
    const scraper = await createScraper(url, (name) => wanted.has(name), {
      ...access,
      insecure: endpoint.insecure,
    });
    const first = await scraper.scrape().catch((error: unknown) => {
      if (settings.path !== undefined || !isAbsent(error)) problems.push(`${path}: ${messageOf(error)}`);
      return undefined;
    });
    if (first !== undefined) {
      const watch = new Watch(
        scraper,
        path,
        settings.intervalS ?? INTERVAL_S,
        new MetricsTable(names),
        clock,
      );
      watch.take(first);
      return watch;
    }
    await scraper.close();
  }
  if (problems.length > 0) onProblem(`the server's metrics can't be read: ${problems.join('; ')}`);
  return nothing;
}

class Watch implements ServerMetricsWatch {
  private readonly scrapes = { sent: 1, failed: 0 };
  private readonly timer: NodeJS.Timeout;
  private underWay: Promise<void> | undefined;
  private stopped: Promise<ServerMetricsRecord | undefined> | undefined;

  constructor(
    private readonly scraper: Scraper,
    private readonly path: string,
    private readonly intervalS: number,
    private readonly table: MetricsTable,
    private readonly clock: Clock,
  ) {
    this.timer = setInterval(() => {
      this.underWay ??= this.scrape();
    }, intervalS * 1000);
    this.timer.unref();
  }

  take(samples: readonly Sample[]): void {
    this.table.add(this.clock.now(), samples);
  }

  stop(): Promise<ServerMetricsRecord | undefined> {
    return (this.stopped ??= this.end());
  }

  private async end(): Promise<ServerMetricsRecord | undefined> {
    clearInterval(this.timer);
    await this.underWay;
    await this.scrape();
    await this.scraper.close();
    const { path, intervalS, scrapes } = this;
    const { names, timesMs, columns } = this.table;
    return Object.keys(columns).length === 0
      ? undefined
      : { path, intervalS, scrapes, names, timesMs, columns };
  }

  private async scrape(): Promise<void> {
    this.scrapes.sent++;
    try {
      this.take(await this.scraper.scrape());
    } catch {
      this.scrapes.failed++;
    }
    this.underWay = undefined;
  }
}
